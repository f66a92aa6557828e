package dev.tern.importers.export;

import dev.tern.compiler.analysis.parameters.DataType;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Numbers for every parameter that a model asks for, the same for the same seed. */
final class MadeUpNumbers implements TensorSource {
    private final Map<String, float[]> values = new LinkedHashMap<>();
    private final List<TensorEntry> entries = new ArrayList<>();

    MadeUpNumbers(Graph graph, long seed) {
        Random random = new Random(seed);
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Parameter(String path, var _) && !values.containsKey(path)) {
                float[] numbers = new float[node.type().shape().elements()];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = random.nextInt(5) == 0 ? random.nextInt(9) - 4 : (float) random.nextGaussian();
                }
                String name = path.substring(path.lastIndexOf('.') + 1);
                if (name.equals("variance") || name.equals("steps")) {
                    for (int i = 0; i < numbers.length; i++) {
                        numbers[i] = Math.abs(numbers[i]) + 0.01f;
                    }
                }
                if (name.equals("table") || path.contains("requantize")) {
                    for (int i = 0; i < numbers.length; i++) {
                        numbers[i] = random.nextInt(Byte.MIN_VALUE, Byte.MAX_VALUE + 1);
                    }
                }
                if (name.equals("range")) {
                    numbers = new float[]{-1 - Math.abs(numbers[0]), Math.abs(numbers[1])};
                }
                values.put(path, numbers);
                entries.add(new TensorEntry(path, DataType.F32, "F32",
                        Arrays.stream(node.type().shape().toArray()).mapToObj(Long::valueOf).toList(),
                        new FilePosition("made up", -1, path)));
            }
        }
    }

    @Override
    public String name() {
        return "made up";
    }

    @Override
    public List<TensorEntry> entries() {
        return entries;
    }

    @Override
    public float[] floats(TensorEntry entry) {
        return values.get(entry.name());
    }

    @Override
    public byte[] bytes(TensorEntry entry) {
        throw new IllegalArgumentException("no bytes");
    }
}
