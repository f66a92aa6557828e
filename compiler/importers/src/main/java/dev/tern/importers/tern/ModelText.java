package dev.tern.importers.tern;

import dev.tern.importers.network.Origin;
import dev.tern.importers.tern.Call.Numbers;
import dev.tern.importers.tern.Call.Operand;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The text of a program: pipelines as long as they are one layer, each named after what it comes from, with a comment
 * that names its nodes.
 */
final class ModelText {
    private static final int LONGEST_COMMENT = 108;

    private final Program program;
    private final Names names;
    private final Map<Integer, Integer> uses = new HashMap<>();
    private final Map<Integer, String> outputNames = new HashMap<>();
    private final Map<Integer, Chain> chains = new HashMap<>();
    private final List<Chain> statements = new ArrayList<>();
    private final Map<String, Numbers> parameters = new LinkedHashMap<>();

    /** Calls of one statement, the last of which is its value. */
    private static final class Chain {
        private final List<Integer> calls = new ArrayList<>();
        private String name = "";
    }

    private ModelText(Program program, Names names) {
        this.program = program;
        this.names = names;
    }

    /**
     * @param statements the text of the model's bindings
     * @param parameters its numbers by their paths
     * @param layers the calls with weights, in order
     */
    record Result(String statements, Map<String, Numbers> parameters) {
    }

    static Result of(Program program, Names names) {
        return new ModelText(program, names).run();
    }

    private Result run() {
        program.outputs().forEach((name, call) -> outputNames.putIfAbsent(call, name));
        Set<Integer> needed = needed();
        for (int i = 0; i < program.calls().size(); i++) {
            if (needed.contains(i) && !program.get(i).op().equals("input")) {
                chain(i);
            }
        }
        statements.forEach(this::name);
        StringBuilder text = new StringBuilder();
        statements.forEach(chain -> write(chain, text));
        program.outputs().forEach((name, call) -> {
            if (!name.equals(outputNames.get(call)) || program.get(call).op().equals("input")) {
                text.append("    ").append(name).append(" = ").append(reference(call)).append('\n');
            }
        });
        return new Result(text.toString(), parameters);
    }

    /** Calls that an output depends on; counts how often each is read. */
    private Set<Integer> needed() {
        Set<Integer> needed = new LinkedHashSet<>(program.outputs().values());
        for (int i = program.calls().size() - 1; i >= 0; i--) {
            if (needed.contains(i)) {
                for (Operand operand : program.get(i).operands()) {
                    if (operand instanceof Operand.Result(int call)) {
                        needed.add(call);
                        uses.merge(call, 1, Integer::sum);
                    }
                }
            }
        }
        return needed;
    }

    /** Puts a call behind its operand's, or begins a statement with it. */
    private void chain(int at) {
        Call call = program.get(at);
        if (call.operands().getFirst() instanceof Operand.Result(int before) && joins(call, before)) {
            Chain chain = chains.get(before);
            chain.calls.add(at);
            chains.put(at, chain);
            return;
        }
        Chain chain = new Chain();
        chain.calls.add(at);
        chains.put(at, chain);
        statements.add(chain);
    }

    private boolean joins(Call call, int before) {
        Chain chain = chains.get(before);
        if (chain == null || uses.get(before) != 1 || outputNames.containsKey(before)) {
            return false;
        }
        boolean weighted = chain.calls.stream().anyMatch(c -> program.get(c).weighted());
        if (call.infix()) {
            // Arithmetic with a number goes on where only such arithmetic stands.
            return call.operands().size() == 2 && call.operands().get(1) instanceof Operand.Literal
                    && program.get(before).infix();
        }
        return call.operands().size() == 1 && !(weighted && call.weighted());
    }

    private void name(Chain chain) {
        int last = chain.calls.getLast();
        String output = outputNames.get(last);
        if (output != null) {
            chain.name = output;
            return;
        }
        Call main = chain.calls.stream().map(program::get).filter(Call::weighted).findFirst()
                .orElse(program.get(last));
        chain.name = names.of(main.origin().map(Origin::name).orElse(""), main.layer());
    }

    private String reference(int call) {
        Call found = program.get(call);
        return found.op().equals("input") ? found.arguments().getFirst() : chains.get(call).name;
    }

    private void write(Chain chain, StringBuilder text) {
        comment(chain).ifPresent(comment -> text.append("    // ").append(comment).append('\n'));
        text.append("    ").append(chain.name).append(" = ");
        Map<String, Integer> counts = new HashMap<>();
        chain.calls.forEach(c -> counts.merge(program.get(c).layer(), 1, Integer::sum));
        Map<String, Integer> numbers = new HashMap<>();
        String written = "";
        for (int at : chain.calls) {
            Call call = program.get(at);
            int number = numbers.merge(call.layer(), 1, Integer::sum);
            String layer = counts.get(call.layer()) == 1 ? call.layer() : call.layer() + number;
            call.parameters().forEach((name, values) -> parameters.put(chain.name + "." + layer + "." + name, values));
            written = written(call, written);
        }
        text.append(written).append('\n');
    }

    private String written(Call call, String before) {
        if (call.infix()) {
            String left = before.isEmpty() ? operand(call.operands().get(0)) : "(" + before + ")";
            return left + " " + call.op() + " " + operand(call.operands().get(1));
        }
        String arguments = String.join(", ", call.arguments());
        if (call.operands().size() > 1) {
            String operands = call.operands().stream().map(this::operand).collect(Collectors.joining(", "));
            return call.op() + "(" + operands + (arguments.isEmpty() ? "" : ", " + arguments) + ")";
        }
        String x = before.isEmpty() ? operand(call.operands().getFirst()) : before;
        return x + " |> " + call.op() + (arguments.isEmpty() ? "" : "(" + arguments + ")");
    }

    private String operand(Operand operand) {
        return switch (operand) {
            case Operand.Result(int call) -> reference(call);
            case Operand.Literal(String literal) -> literal;
        };
    }

    /** The nodes that a statement comes from. */
    private Optional<String> comment(Chain chain) {
        List<String> origins = chain.calls.stream().map(program::get).flatMap(c -> c.origin().stream())
                .map(Origin::toString).distinct().map(ModelText::oneLine).toList();
        StringBuilder comment = new StringBuilder();
        for (String origin : origins) {
            String more = (comment.isEmpty() ? "" : ", ") + origin;
            if (comment.length() + more.length() > LONGEST_COMMENT) {
                comment.append(comment.isEmpty() ? "" : ", ...");
                break;
            }
            comment.append(more);
        }
        return comment.isEmpty() ? Optional.empty() : Optional.of(comment.toString());
    }

    /** Names of a file in a comment: nothing that ends the line. */
    static String oneLine(String text) {
        return text.codePoints().map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }
}
