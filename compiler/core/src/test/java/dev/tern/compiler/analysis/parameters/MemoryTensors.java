package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.diagnostics.FilePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tensors made by a test, as if they were in a file. */
public final class MemoryTensors implements TensorSource {
    private final List<TensorEntry> entries = new ArrayList<>();
    private final Map<String, float[]> floats = new HashMap<>();
    private Optional<ParameterLayout> layout = Optional.empty();
    private final Map<String, byte[]> bytes = new HashMap<>();

    public MemoryTensors floats(String name, List<Long> shape, float... values) {
        entries.add(entry(name, DataType.F32, shape));
        floats.put(name, values);
        return this;
    }

    public MemoryTensors bytes(String name, DataType type, List<Long> shape, int... values) {
        entries.add(entry(name, type, shape));
        byte[] stored = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            stored[i] = (byte) values[i];
        }
        bytes.put(name, stored);
        return this;
    }

    /** As if the file recorded its layout. */
    MemoryTensors recording(ParameterLayout recorded) {
        layout = Optional.of(recorded);
        return this;
    }

    @Override
    public Optional<ParameterLayout> layout() {
        return layout;
    }

    /** Everything that another source holds, but for some names. */
    public MemoryTensors allBut(RandomParameters source, String... names) {
        for (TensorEntry entry : source.entries()) {
            if (!List.of(names).contains(entry.name())) {
                floats(entry.name(), entry.dimensions(), source.floats(entry));
            }
        }
        return this;
    }

    private TensorEntry entry(String name, DataType type, List<Long> shape) {
        return new TensorEntry(name, type, type.name(), shape, new FilePosition(name(), -1, "tensor " + name));
    }

    @Override
    public String name() {
        return "test.safetensors";
    }

    @Override
    public List<TensorEntry> entries() {
        return entries;
    }

    @Override
    public float[] floats(TensorEntry entry) {
        return floats.get(entry.name());
    }

    @Override
    public byte[] bytes(TensorEntry entry) {
        return bytes.get(entry.name());
    }
}
