package dev.tern.quantizer;

import dev.tern.compiler.analysis.parameters.DataType;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tensors in memory in the place of a parameter file, in Tern's layout.
 *
 * @param tensors by path
 * @param notes that a file of them would have
 */
public record TrainedSource(Map<String, Tensor.Floats> tensors, Map<String, String> notes) implements TensorSource {
    /** Without notes. */
    public TrainedSource(Map<String, Tensor.Floats> tensors) {
        this(tensors, Map.of());
    }

    @Override
    public String name() {
        return "trained parameters";
    }

    @Override
    public Optional<ParameterLayout> layout() {
        return Optional.of(ParameterLayout.TERN);
    }

    @Override
    public List<TensorEntry> entries() {
        return tensors.entrySet().stream().map(entry -> new TensorEntry(entry.getKey(), DataType.F32, "F32",
                Arrays.stream(entry.getValue().shape().toArray()).mapToObj(Long::valueOf).toList(),
                new FilePosition(name(), -1, "tensor " + entry.getKey()))).toList();
    }

    @Override
    public float[] floats(TensorEntry entry) {
        return tensors.get(entry.name()).values();
    }

    @Override
    public byte[] bytes(TensorEntry entry) {
        throw new IllegalArgumentException(entry.name() + " is of floats");
    }
}
