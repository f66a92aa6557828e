package dev.tern.compiler.analysis.value;

/** What an expression stands for. */
public sealed interface ExpressionValue permits KnownValue, TensorValue, Function, ExpressionValue.Poison {
    /** Stands for what could not be made because of an error already reported; whatever touches it keeps quiet. */
    Poison POISON = new Poison();

    record Poison() implements ExpressionValue {
    }
}
