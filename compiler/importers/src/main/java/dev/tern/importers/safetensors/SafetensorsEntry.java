package dev.tern.importers.safetensors;

import dev.tern.compiler.analysis.parameters.TensorEntry;

/**
 * A tensor that the header lists.
 *
 * @param start offset of its first byte in the file
 * @param end offset after its last byte in the file
 */
record SafetensorsEntry(TensorEntry entry, SafetensorsType type, long start, long end) {
    String name() {
        return entry.name();
    }

    long bytes() {
        return end - start;
    }
}
