package dev.tern.compiler.analysis.value;

import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.graph.Shape;

/** A tensor where it is used. @param span the expression that gave it */
public record Operand(TensorValue value, SourceSpan span) {
    public Shape shape() {
        return value.type().shape();
    }
}
