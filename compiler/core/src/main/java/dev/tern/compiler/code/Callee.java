package dev.tern.compiler.code;

import java.util.List;

/** A routine as its callers see it. */
public record Callee(String name, List<ValueType> parameters, ValueType result) {
    public Callee {
        parameters = List.copyOf(parameters);
    }

    public Value.Call call(Value... arguments) {
        return new Value.Call(this, List.of(arguments));
    }
}
