package dev.tern.compiler.analysis.value;

/** What an expression stands for. */
public sealed interface Value permits Constant, TensorValue, Function, Value.Poison {
    /** Stands for what could not be made because of an error already reported; whatever touches it keeps quiet. */
    Poison POISON = new Poison();

    record Poison() implements Value {
    }
}
