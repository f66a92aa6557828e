package dev.tern.quantizer.calibration;

import dev.tern.compiler.analysis.parameters.DataType;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.FilePosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tensors of a file with other ranges, whether it held any or not. Closing it closes the file. */
public final class RangedSource implements TensorSource {
    private final TensorSource file;
    private final Map<String, StoredRanges> ranges;

    /** @param ranges by the path of the parameter */
    public RangedSource(TensorSource file, Map<String, StoredRanges> ranges) {
        this.file = file;
        this.ranges = new LinkedHashMap<>(ranges);
    }

    @Override
    public String name() {
        return file.name();
    }

    @Override
    public Optional<ParameterLayout> layout() {
        return file.layout();
    }

    @Override
    public Map<String, String> notes() {
        return file.notes();
    }

    @Override
    public List<TensorEntry> entries() {
        List<TensorEntry> entries = new ArrayList<>();
        file.entries().stream().filter(entry -> !ranges.containsKey(entry.name())).forEach(entries::add);
        ranges.forEach((path, stored) -> entries.add(new TensorEntry(path, DataType.F32, "F32",
                Arrays.stream(stored.shape().toArray()).asLongStream().boxed().toList(),
                new FilePosition(file.name(), -1, "tensor " + path))));
        return entries;
    }

    @Override
    public float[] floats(TensorEntry entry) throws IOException {
        StoredRanges stored = ranges.get(entry.name());
        return stored == null ? file.floats(entry) : stored.tensor().values();
    }

    @Override
    public byte[] bytes(TensorEntry entry) throws IOException {
        return file.bytes(entry);
    }

    @Override
    public void close() {
        file.close();
    }
}
