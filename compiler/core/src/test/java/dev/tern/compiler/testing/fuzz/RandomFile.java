package dev.tern.compiler.testing.fuzz;

import dev.tern.compiler.analysis.parameters.DataType;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.testing.text.Choices;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A parameter file made up for a model: everything that the model asks for, as trained numbers or, of weights under a
 * scheme, as codes with scales.
 */
final class RandomFile implements TensorSource {
    private final Choices choices;
    private final Random random;
    private final boolean extreme;
    private final List<TensorEntry> entries = new ArrayList<>();
    private final Map<String, float[]> floats = new HashMap<>();
    private final Map<String, byte[]> bytes = new HashMap<>();

    RandomFile(Graph graph, Choices choices) {
        this.choices = choices;
        random = new Random(choices.seed());
        extreme = choices.rarely(5);
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Parameter(String path, _)) {
                add(path, node.type().shape(), users(graph, node));
            }
        }
    }

    private static List<Node> users(Graph graph, Node parameter) {
        return graph.nodes().stream().filter(n -> n.operation().operands().contains(parameter.id())).toList();
    }

    private void add(String path, Shape shape, List<Node> users) {
        boolean weights = users.stream().allMatch(n -> n.operation() instanceof Operation.WeightCodes
                || n.operation() instanceof Operation.WeightScale);
        if (weights && choices.rarely(6)) {
            quantized(path, shape, users);
        } else {
            floats(path, shape, trained(path, shape.elements()));
        }
    }

    private float[] trained(String path, int count) {
        Temper temper = Temper.of(choices, extreme);
        float[] values = temper.numbers(count, random);
        switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "variance" -> {
                absolute(values);
                values[random.nextInt(count)] = 1;
            }
            case "steps" -> {
                absolute(values);
                for (int i = 0; i < count; i++) {
                    values[i] = Math.max(values[i], Float.MIN_NORMAL);
                }
            }
            case "gamma" -> {
                if (random.nextInt(3) == 0) {
                    absolute(values);
                }
            }
            case "range", "ranges" -> {
                for (int i = 0; i < count; i += 2) {
                    float low = Math.min(values[i], values[i + 1]);
                    values[i + 1] = Math.max(values[i], values[i + 1]) + (random.nextInt(4) == 0 ? 0 : 1);
                    values[i] = low;
                }
            }
            default -> {
            }
        }
        return values;
    }

    private static float[] absolute(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return values;
    }

    private void quantized(String path, Shape shape, List<Node> users) {
        Node first = users.stream().filter(n -> n.operation() instanceof Operation.WeightCodes).findFirst()
                .orElseThrow();
        Code code = (Code) first.type().element();
        // Two bits are ternary; more have a code below the negative of the highest, which foreign files hold.
        int lowest = code.bits() > 2 && random.nextBoolean() ? code.lowest() : -code.highest();
        int[] codes = new int[shape.elements()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = code.bipolar()
                    ? random.nextBoolean() ? 1 : -1
                    : lowest + random.nextInt(code.highest() - lowest + 1);
        }
        if (choices.below(2) == 0) {
            byte[] stored = new byte[codes.length];
            for (int i = 0; i < codes.length; i++) {
                stored[i] = (byte) codes[i];
            }
            bytes(path + ".codes", DataType.I8, dimensions(shape), stored);
        } else {
            packed(path + ".packed", shape.dimension(0), codes, code);
        }
        for (Node user : users) {
            if (user.operation() instanceof Operation.WeightScale scale) {
                String name = path + switch (scale.part()) {
                    case ALL -> ".scale";
                    case POSITIVE -> ".scale.positive";
                    case NEGATIVE -> ".scale.negative";
                };
                Shape scales = choices.rarely(3) ? Shape.scalar() : Shape.of(shape.dimension(0));
                floats(name, scales, absolute(Temper.of(choices, extreme).numbers(scales.elements(), random)));
            }
        }
    }

    /** Rows of codes, the least significant bit first, each filled up to whole bytes. */
    private void packed(String name, int rows, int[] codes, Code code) {
        int each = codes.length / rows;
        int rowBytes = (each * code.bits() + 7) / 8;
        byte[] stored = new byte[rows * rowBytes];
        for (int i = 0; i < codes.length; i++) {
            int bits = code.bipolar() ? (codes[i] + 1) / 2 : codes[i];
            for (int bit = 0; bit < code.bits(); bit++) {
                int position = i % each * code.bits() + bit;
                stored[i / each * rowBytes + position / 8] |= (byte) ((bits >> bit & 1) << position % 8);
            }
        }
        bytes(name, DataType.U8, List.of((long) rows, (long) rowBytes), stored);
    }

    private static List<Long> dimensions(Shape shape) {
        List<Long> dimensions = new ArrayList<>();
        for (int dimension : shape.toArray()) {
            dimensions.add((long) dimension);
        }
        return dimensions;
    }

    private void floats(String name, Shape shape, float[] values) {
        entry(name, DataType.F32, dimensions(shape));
        floats.put(name, values);
    }

    private void bytes(String name, DataType type, List<Long> dimensions, byte[] values) {
        entry(name, type, dimensions);
        bytes.put(name, values);
    }

    private void entry(String name, DataType type, List<Long> dimensions) {
        entries.add(new TensorEntry(name, type, type.name(), dimensions, new FilePosition(name(), -1, name)));
    }

    @Override
    public String name() {
        return "random.safetensors";
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
        return bytes.get(entry.name());
    }
}
