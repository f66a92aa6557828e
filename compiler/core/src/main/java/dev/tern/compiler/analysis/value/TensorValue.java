package dev.tern.compiler.analysis.value;

import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.build.Codes;
import java.util.Optional;

/**
 * A value of the graph.
 *
 * @param codes the codes it was made from, where {@code quantize} stands directly before
 */
public record TensorValue(ValueId id, TensorType type, Optional<Codes> codes) implements ExpressionValue {
    public TensorValue(ValueId id, TensorType type) {
        this(id, type, Optional.empty());
    }
}
