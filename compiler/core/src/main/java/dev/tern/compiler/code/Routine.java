package dev.tern.compiler.code;

import java.util.List;

/** A named piece of code that others call. */
public record Routine(String name, List<Local> parameters, ValueType result, Block body) {
    public Routine {
        parameters = List.copyOf(parameters);
    }

    /** One that gives nothing back. */
    public Routine(String name, List<Local> parameters, Block body) {
        this(name, parameters, ValueType.VOID, body);
    }

    public Callee callee() {
        return new Callee(name, parameters.stream().map(Local::type).toList(), result);
    }
}
