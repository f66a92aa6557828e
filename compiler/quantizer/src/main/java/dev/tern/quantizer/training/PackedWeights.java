package dev.tern.quantizer.training;

import dev.tern.compiler.analysis.parameters.DataType;
import dev.tern.compiler.analysis.parameters.PackedRows;
import dev.tern.compiler.analysis.parameters.ParameterLayout;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Part;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.meaning.Meaning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Trained parameters as inference takes them: of weights their codes, {@code p.packed} with as many bits as the scheme
 * has, and their scales {@code p.scale}; the latent weights, by which training could move them on, are gone. Weights
 * that are read with several schemes or in parts, as those of {@code ternary(ttq)} are, stay floats.
 */
public final class PackedWeights implements TensorSource {
    private static final String NAME = "packed parameters";

    private final List<TensorEntry> entries = new ArrayList<>();
    private final Map<String, float[]> floats = new LinkedHashMap<>();
    private final Map<String, byte[]> rows = new LinkedHashMap<>();
    private final Map<String, String> notes;

    private PackedWeights(Map<String, String> notes) {
        this.notes = Map.copyOf(notes);
    }

    /**
     * The parameters of a graph that has none bound.
     *
     * @param tensors by path
     * @param notes that the file is to have
     */
    public static PackedWeights of(Graph graph, Map<String, Tensor.Floats> tensors, Map<String, String> notes) {
        PackedWeights packed = new PackedWeights(notes);
        Map<ValueId, List<Node>> readers = graph.nodes().stream()
                .flatMap(node -> node.operation().operands().stream().map(operand -> Map.entry(operand, node)))
                .collect(Collectors.groupingBy(Map.Entry::getKey,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Parameter(String path, _)) {
                packed.add(path, tensors.get(path), readers.getOrDefault(node.id(), List.of()));
            }
        }
        return packed;
    }

    private void add(String path, Tensor.Floats tensor, List<Node> readers) {
        List<WeightScheme> schemes = readers.stream().map(node -> switch (node.operation()) {
            case Operation.WeightCodes(_, WeightScheme scheme, Part part) when part == Part.ALL -> scheme;
            case Operation.WeightScale(_, WeightScheme scheme, Part part) when part == Part.ALL -> scheme;
            default -> new WeightScheme.Floating();
        }).distinct().toList();
        if (schemes.size() != 1 || schemes.getFirst() instanceof WeightScheme.Floating) {
            put(path, tensor);
            return;
        }
        for (Node node : readers) {
            switch (Meaning.evaluate(node.operation(), node.type(), List.of(tensor))) {
                case Tensor.Integers codes -> put(path + ".packed", codes, (ElementType.Code) node.type().element());
                case Tensor.Floats scale -> put(path + ".scale", scale);
            }
        }
    }

    private void put(String name, Tensor.Floats tensor) {
        if (floats.put(name, tensor.values()) == null) {
            entries.add(entry(name, DataType.F32, tensor.shape()));
        }
    }

    private void put(String name, Tensor.Integers codes, ElementType.Code code) {
        int outputs = codes.shape().dimension(0);
        byte[] bytes = PackedRows.pack(codes.values(), outputs, code);
        if (rows.put(name, bytes) == null) {
            entries.add(entry(name, DataType.U8, Shape.of(outputs, bytes.length / outputs)));
        }
    }

    private static TensorEntry entry(String name, DataType type, Shape shape) {
        return new TensorEntry(name, type, type.name(),
                Arrays.stream(shape.toArray()).asLongStream().boxed().toList(),
                new FilePosition(NAME, -1, "tensor " + name));
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
    public Map<String, String> notes() {
        return notes;
    }

    @Override
    public List<TensorEntry> entries() {
        return List.copyOf(entries);
    }

    @Override
    public float[] floats(TensorEntry entry) {
        return floats.get(entry.name());
    }

    @Override
    public byte[] bytes(TensorEntry entry) {
        return rows.get(entry.name());
    }
}
