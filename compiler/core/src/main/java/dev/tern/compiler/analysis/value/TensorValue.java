package dev.tern.compiler.analysis.value;

import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import java.util.Optional;

/**
 * A value of the graph.
 *
 * @param codes the codes it was made from, where {@code quantize} stands directly before
 */
public record TensorValue(ValueId id, TensorType type, Optional<Codes> codes) implements Value {
    public TensorValue(ValueId id, TensorType type) {
        this(id, type, Optional.empty());
    }

    /**
     * Codes and what makes reals of them.
     *
     * @param scale missing where it is 1
     * @param zero missing where it is 0
     */
    public record Codes(ValueId id, Optional<ValueId> scale, Optional<ValueId> zero) {
    }
}
