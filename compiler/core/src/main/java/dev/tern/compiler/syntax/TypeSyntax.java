package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.SourceSpan;
import java.util.List;

/** A type as written. */
public sealed interface TypeSyntax {
    SourceSpan span();

    /** {@code f32[28, 28, 1]}, {@code u8[h, w, c]}; the element is the name as written. */
    record TensorSyntax(Identifier element, List<Expression> dimensions, SourceSpan span) implements TypeSyntax {
        public TensorSyntax {
            dimensions = List.copyOf(dimensions);
        }
    }

    /** A compile-time argument's type: {@code int}, {@code float}, {@code bool}, and the like. */
    record ScalarSyntax(Identifier name, SourceSpan span) implements TypeSyntax {
    }
}
