package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.diagnostics.Position;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a file says of one of its tensors.
 *
 * @param name its name in the file
 * @param type how its elements are stored
 * @param storedType the type as the file spells it ({@code F32}, {@code <f4}), for messages
 * @param dimensions outermost first, each at least 0; none for a scalar
 * @param position where it stands, for diagnostics
 */
public record TensorEntry(String name, DataType type, String storedType, List<Long> dimensions, Position position) {
    public TensorEntry {
        dimensions = List.copyOf(dimensions);
    }

    /** {@code F32[10, 1568]}. */
    public String describe() {
        return storedType + dimensions.stream().map(Object::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
