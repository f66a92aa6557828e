package dev.tern.importers.tern;

import dev.tern.importers.network.ForeignOrigin;
import dev.tern.importers.tern.Call.Numbers;
import dev.tern.importers.tern.Call.Operand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ops of the model in the order in which they are applied. */
final class Program {
    private final List<Call> calls = new ArrayList<>();
    private final Map<String, Integer> outputs = new LinkedHashMap<>();

    /** An input of the model. @param type as it is written: {@code f32} */
    int input(String name, String type, List<Integer> shape) {
        return add(new Call("input", List.of(), List.of(name, type), Map.of(), shape, Optional.empty()));
    }

    /** An op on one tensor without numbers of its own. */
    int apply(String op, int x, List<String> arguments, List<Integer> shape, ForeignOrigin origin) {
        return apply(op, x, arguments, Map.of(), shape, origin);
    }

    /** An op on one tensor. */
    int apply(String op, int x, List<String> arguments, Map<String, Numbers> parameters, List<Integer> shape,
            ForeignOrigin origin) {
        return add(new Call(op, List.of(new Operand.Result(x)), arguments, parameters, shape, Optional.of(origin)));
    }

    int add(Call call) {
        calls.add(call);
        return calls.size() - 1;
    }

    Call get(int call) {
        return calls.get(call);
    }

    void replace(int at, Call call) {
        calls.set(at, call);
    }

    /** A result of the model, under its name. */
    void output(String name, int call) {
        outputs.put(name, call);
    }

    List<Call> calls() {
        return calls;
    }

    Map<String, Integer> outputs() {
        return outputs;
    }
}
