package dev.tern.compiler.analysis.parameters;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Named tensors, of a file as a rule. What it lists has been checked against the file (bytes present, ranges inside
 * it, products without overflow), so that reading can fail only where the file changes or the disk does. Elements come
 * in row-major order whatever the file's own order is.
 */
public interface TensorSource extends AutoCloseable {
    /** The file's name as the user knows it. */
    String name();

    /** The layout that the file says it is of; empty where it says nothing. */
    default Optional<ParameterLayout> layout() {
        return Optional.empty();
    }

    /** What Tern recorded in the file beside its tensors, by key: {@code tern.noise}. */
    default Map<String, String> notes() {
        return Map.of();
    }

    /** All tensors in the order of the file; names are unique. */
    List<TensorEntry> entries();

    /**
     * The elements of a tensor whose type is {@linkplain DataType#floating() floating}.
     *
     * @throws IOException if the file cannot be read after all
     */
    float[] floats(TensorEntry entry) throws IOException;

    /**
     * The elements of an I8 or U8 tensor as they are stored; U8 elements above 127 come as negative bytes.
     *
     * @throws IOException if the file cannot be read after all
     */
    byte[] bytes(TensorEntry entry) throws IOException;

    /** Lets go of the file; does nothing for a source that holds none. */
    @Override
    default void close() {
    }
}
