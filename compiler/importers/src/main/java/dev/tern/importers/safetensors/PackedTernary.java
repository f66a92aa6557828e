package dev.tern.importers.safetensors;

import dev.tern.compiler.analysis.parameters.DataType;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Ternary weights as BitNet's checkpoints hold them: {@code p.weight} of bytes [out / 4, in] beside
 * {@code p.weight_scale}, a single number. A byte has four codes along the output axis: that of row
 * {@code r + i * out / 4} is bits 2i and 2i + 1, less 1; a weight is its code times the scale. They are listed as
 * {@code p.weight.codes} [out, in] and {@code p.weight.scale}.
 */
final class PackedTernary implements TensorSource {
    private static final String WEIGHT = ".weight";
    private static final String SCALE = "_scale";
    private static final int PER_BYTE = 4;

    private final TensorSource stored;
    private final List<TensorEntry> entries = new ArrayList<>();
    private final Map<String, TensorEntry> original = new HashMap<>();

    private PackedTernary(TensorSource stored) {
        this.stored = stored;
        Map<String, TensorEntry> byName = new HashMap<>();
        stored.entries().forEach(entry -> byName.put(entry.name(), entry));
        for (TensorEntry entry : stored.entries()) {
            String weight = entry.name().endsWith(SCALE)
                    ? entry.name().substring(0, entry.name().length() - SCALE.length())
                    : entry.name();
            boolean packed = isPacked(byName.get(weight), byName.get(weight + SCALE));
            TensorEntry listed = !packed ? entry : entry.name().equals(weight) ? codes(entry) : scale(entry, weight);
            entries.add(listed);
            original.put(listed.name(), entry);
        }
    }

    /** The same tensors, those that are packed under other names. */
    static TensorSource of(TensorSource stored) {
        return new PackedTernary(stored);
    }

    private static boolean isPacked(TensorEntry weight, TensorEntry scale) {
        return weight != null && scale != null && weight.name().endsWith(WEIGHT) && weight.type() == DataType.U8
                && weight.dimensions().size() == 2 && scale.type().floating()
                && scale.dimensions().stream().allMatch(size -> size == 1);
    }

    private static TensorEntry codes(TensorEntry entry) {
        return new TensorEntry(entry.name() + ".codes", DataType.I8, "I8",
                List.of(PER_BYTE * entry.dimensions().get(0), entry.dimensions().get(1)), entry.position());
    }

    private static TensorEntry scale(TensorEntry entry, String weight) {
        return new TensorEntry(weight + ".scale", entry.type(), entry.storedType(), List.of(), entry.position());
    }

    @Override
    public String name() {
        return stored.name();
    }

    @Override
    public Optional<ParameterLayout> layout() {
        return stored.layout();
    }

    @Override
    public Map<String, String> notes() {
        return stored.notes();
    }

    @Override
    public List<TensorEntry> entries() {
        return entries;
    }

    @Override
    public float[] floats(TensorEntry entry) throws IOException {
        return stored.floats(original.get(entry.name()));
    }

    @Override
    public byte[] bytes(TensorEntry entry) throws IOException {
        TensorEntry found = original.get(entry.name());
        byte[] bytes = stored.bytes(found);
        if (found.name().equals(entry.name())) {
            return bytes;
        }
        if (bytes.length > Integer.MAX_VALUE / PER_BYTE) {
            throw new IOException("a tensor of " + PER_BYTE * (long) bytes.length
                    + " elements is too large for an array");
        }
        byte[] codes = new byte[PER_BYTE * bytes.length];
        for (int part = 0; part < PER_BYTE; part++) {
            for (int i = 0; i < bytes.length; i++) {
                codes[part * bytes.length + i] = (byte) ((bytes[i] >> 2 * part & 3) - 1);
            }
        }
        return codes;
    }

    @Override
    public void close() {
        stored.close();
    }
}
