package dev.tern.compiler.analysis.value;

import dev.tern.compiler.analysis.draft.LayerScope;
import java.util.Optional;

/** A pipeline without a head, an op or a block that waits for its operand. */
public non-sealed interface Function extends ExpressionValue {
    /**
     * Applies it with parameters of its own.
     *
     * @param scope where its layers go
     * @return empty if an error was reported
     */
    Optional<TensorValue> apply(Operand x, LayerScope scope);
}
