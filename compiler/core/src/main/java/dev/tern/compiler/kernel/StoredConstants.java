package dev.tern.compiler.kernel;

import dev.tern.runtime.layout.AsStored;
import dev.tern.runtime.layout.PackedCodes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The arrays that a weight file holds for some programs, of which all their constants are made: each once, under the
 * name that came first. Programs that are one model for several targets share almost all.
 */
public final class StoredConstants {
    private final List<Entry> entries = new ArrayList<>();
    private final Map<ArrayContent, Integer> indices = new HashMap<>();

    /**
     * An array of a weight file.
     *
     * @param array of longs, ints or floats, or of bytes as {@link PackedCodes}
     * @param bytes it takes in the file
     */
    public record Entry(String name, Object array, long bytes) {
        static Entry of(ConstantArray.Stored stored) {
            if (stored.array() instanceof byte[] codes) {
                PackedCodes packed = PackedCodes.of(codes);
                return new Entry(stored.name(), packed, packed.bytes().length);
            }
            return new Entry(stored.name(), stored.array(), new AsStored().bytes(stored.array()));
        }
    }

    public StoredConstants(List<KernelProgram> programs) {
        programs.forEach(program -> program.constants().forEach(constant -> add(constant.stored())));
    }

    private void add(ConstantArray.Stored stored) {
        indices.computeIfAbsent(ArrayContent.of(stored.array()), content -> {
            entries.add(Entry.of(stored));
            return entries.size() - 1;
        });
    }

    /** In the order of the file. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Which entry a constant of the programs is made from. */
    public int index(ConstantArray constant) {
        return indices.get(ArrayContent.of(constant.stored().array()));
    }

    /** Bytes of the arrays together. */
    public long bytes() {
        return entries.stream().mapToLong(Entry::bytes).sum();
    }
}
