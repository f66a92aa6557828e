package dev.tern.quantizer.posttraining;

import dev.tern.compiler.analysis.parameters.DataType;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parameters of a quantized model by their paths: some as codes with scales, the others as floats. */
public final class QuantizedParameters implements TensorSource {
    private static final int BYTE = 8;
    private static final String NAME = "quantized parameters";

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final long packedBytes;

    /** Weights as codes. @param codes as they fit a byte @param scale one for each output channel, or one */
    public record Codes(Tensor.Integers codes, Optional<Tensor.Floats> scale) {
    }

    /** @param bits of each weight that is given as codes, by its path */
    QuantizedParameters(Map<String, Tensor.Floats> floats, Map<String, Codes> codes, Map<String, Integer> bits) {
        tensors.putAll(floats);
        long bytes = 0;
        for (Map.Entry<String, Codes> entry : codes.entrySet()) {
            Shape shape = entry.getValue().codes.shape();
            int row = shape.elements() / shape.dimension(0);
            bytes += (long) shape.dimension(0) * ((row * bits.get(entry.getKey()) + BYTE - 1) / BYTE);
        }
        codes.forEach((path, found) -> {
            tensors.put(path + ".codes", found.codes);
            found.scale.ifPresent(scale -> tensors.put(path + ".scale", scale));
        });
        packedBytes = bytes + tensors.values().stream().filter(Tensor.Floats.class::isInstance)
                .mapToLong(tensor -> (long) Float.BYTES * tensor.shape().elements()).sum();
    }

    /**
     * Bytes of everything where codes take no more bits than they need, each output's weights in whole bytes, and other
     * numbers are f32.
     */
    public long packedBytes() {
        return packedBytes;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<ParameterLayout> layout() {
        return Optional.of(ParameterLayout.TERN);
    }

    @Override
    public List<TensorEntry> entries() {
        List<TensorEntry> entries = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            DataType type = tensor instanceof Tensor.Floats ? DataType.F32 : DataType.I8;
            entries.add(new TensorEntry(name, type, type.name(),
                    Arrays.stream(tensor.shape().toArray()).asLongStream().boxed().toList(),
                    new FilePosition(NAME, -1, "tensor " + name)));
        });
        return entries;
    }

    @Override
    public float[] floats(TensorEntry entry) {
        return ((Tensor.Floats) tensors.get(entry.name())).values();
    }

    @Override
    public byte[] bytes(TensorEntry entry) {
        int[] codes = ((Tensor.Integers) tensors.get(entry.name())).values();
        byte[] bytes = new byte[codes.length];
        for (int i = 0; i < codes.length; i++) {
            bytes[i] = (byte) codes[i];
        }
        return bytes;
    }
}
