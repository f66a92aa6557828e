package dev.tern.importers.tern;

import dev.tern.importers.tern.Call.Operand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Parts a program into statements: pipelines as long as they are one layer. */
final class Statements {
    private final Program program;
    private final Map<Integer, Integer> uses = new HashMap<>();
    private final Map<Integer, CallChain> statements = new HashMap<>();
    private final List<CallChain> order = new ArrayList<>();

    Statements(Program program) {
        this.program = program;
        Set<Integer> needed = needed();
        for (int i = 0; i < program.calls().size(); i++) {
            if (needed.contains(i) && !program.get(i).op().equals("input")) {
                add(i);
            }
        }
    }

    List<CallChain> list() {
        return order;
    }

    /** The statement that a call is in; none for an input of the model. */
    Optional<CallChain> of(int call) {
        return Optional.ofNullable(statements.get(call));
    }

    boolean output(int call) {
        return program.outputs().containsValue(call);
    }

    /** Calls that an output depends on; counts how often each is read. */
    private Set<Integer> needed() {
        Set<Integer> needed = new LinkedHashSet<>(program.outputs().values());
        for (int i = program.calls().size() - 1; i >= 0; i--) {
            if (needed.contains(i)) {
                for (int operand : operands(i)) {
                    needed.add(operand);
                    uses.merge(operand, 1, Integer::sum);
                }
            }
        }
        return needed;
    }

    /** The calls that a call reads. */
    List<Integer> operands(int call) {
        List<Integer> operands = new ArrayList<>();
        for (Operand operand : program.get(call).operands()) {
            if (operand instanceof Operand.Result(int result)) {
                operands.add(result);
            }
        }
        return operands;
    }

    /** Puts a call behind its operand's, or begins a statement with it. */
    private void add(int at) {
        Call call = program.get(at);
        boolean joins = call.operands().getFirst() instanceof Operand.Result(int before) && joins(call, before);
        CallChain statement = joins ? statements.get(operands(at).getFirst()) : new CallChain();
        if (!joins) {
            order.add(statement);
        }
        statement.calls().add(at);
        statements.put(at, statement);
    }

    private boolean joins(Call call, int before) {
        CallChain statement = statements.get(before);
        if (statement == null || uses.get(before) != 1 || output(before)) {
            return false;
        }
        if (call.infix()) {
            // Arithmetic with a number goes on where only such arithmetic stands.
            return call.operands().size() == 2 && call.operands().get(1) instanceof Operand.Literal
                    && program.get(before).infix();
        }
        boolean weighted = statement.calls().stream().anyMatch(c -> program.get(c).weighted());
        return call.operands().size() == 1 && !(weighted && call.weighted());
    }
}
