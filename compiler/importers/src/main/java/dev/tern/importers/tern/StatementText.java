package dev.tern.importers.tern;

import dev.tern.importers.tern.Call.Numbers;
import dev.tern.importers.tern.Call.Operand;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Statements as text.
 *
 * @param reference the name under which a call's result is known
 * @param arguments what is written between a call's parentheses
 */
record StatementText(Program program, IntFunction<String> reference, IntFunction<List<String>> arguments) {
    /** The right side of a statement. */
    String expression(CallChain statement) {
        String written = "";
        for (int call : statement.calls()) {
            written = written(call, written);
        }
        return written;
    }

    private String written(int at, String before) {
        Call call = program.get(at);
        if (call.infix()) {
            String left = before.isEmpty() ? operand(call.operands().get(0)) : "(" + before + ")";
            return left + " " + call.op() + " " + operand(call.operands().get(1));
        }
        String written = String.join(", ", arguments.apply(at));
        if (call.operands().size() > 1) {
            String operands = call.operands().stream().map(this::operand).collect(Collectors.joining(", "));
            return call.op() + "(" + operands + (written.isEmpty() ? "" : ", " + written) + ")";
        }
        String x = before.isEmpty() ? operand(call.operands().getFirst()) : before;
        return x + " |> " + call.op() + (written.isEmpty() ? "" : "(" + written + ")");
    }

    private String operand(Operand operand) {
        return switch (operand) {
            case Operand.Result(int call) -> reference.apply(call);
            case Operand.Literal(String literal) -> literal;
        };
    }

    /** The numbers of a statement, each under its path below the statement's scope: {@code conv.weight}. */
    static void parameters(Program program, CallChain statement, BiConsumer<String, Numbers> use) {
        Map<String, Integer> counts = new HashMap<>();
        statement.calls().forEach(c -> counts.merge(program.get(c).layer(), 1, Integer::sum));
        Map<String, Integer> numbers = new HashMap<>();
        for (int at : statement.calls()) {
            Call call = program.get(at);
            int number = numbers.merge(call.layer(), 1, Integer::sum);
            String layer = counts.get(call.layer()) == 1 ? call.layer() : call.layer() + number;
            call.parameters().forEach((name, values) -> use.accept(layer + "." + name, values));
        }
    }
}
