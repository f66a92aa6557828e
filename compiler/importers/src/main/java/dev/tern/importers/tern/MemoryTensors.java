package dev.tern.importers.tern;

import dev.tern.compiler.analysis.parameters.DataType;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.importers.tern.Call.Numbers;
import java.util.List;
import java.util.Map;

/** Numbers that are in memory already. */
final class MemoryTensors implements TensorSource {
    private final String name;
    private final Map<String, Numbers> tensors;

    /** @param name the file that they come from */
    MemoryTensors(String name, Map<String, Numbers> tensors) {
        this.name = name;
        this.tensors = Map.copyOf(tensors);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<TensorEntry> entries() {
        return tensors.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(entry -> new TensorEntry(entry.getKey(), type(entry.getValue()), type(entry.getValue()).name(),
                        entry.getValue().shape().stream().map(Integer::longValue).toList(),
                        new FilePosition(name, -1, "tensor " + entry.getKey())))
                .toList();
    }

    private static DataType type(Numbers numbers) {
        return switch (numbers) {
            case Numbers.Floats _ -> DataType.F32;
            case Numbers.Codes _ -> DataType.I8;
        };
    }

    @Override
    public float[] floats(TensorEntry entry) {
        return ((Numbers.Floats) tensors.get(entry.name())).values();
    }

    @Override
    public byte[] bytes(TensorEntry entry) {
        return ((Numbers.Codes) tensors.get(entry.name())).values();
    }
}
