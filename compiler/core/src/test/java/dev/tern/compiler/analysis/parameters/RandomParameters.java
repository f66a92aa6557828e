package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.Graph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Made-up numbers for every parameter of a graph, the same for the same seed, for models that have
 * no parameter file. Each tensor depends on the seed and its path alone.
 */
public final class RandomParameters implements TensorSource {
    private final long seed;
    private final List<TensorEntry> entries = new ArrayList<>();
    private final Map<String, Integer> elements = new HashMap<>();

    public RandomParameters(Graph graph, long seed) {
        this.seed = seed;
        for (Demand demand : Demand.of(graph)) {
            entries.add(new TensorEntry(demand.path(), DataType.F32, "F32",
                    Arrays.stream(demand.shape().toArray()).asLongStream().boxed().toList(),
                    new FilePosition(name(), -1, "tensor " + demand.path())));
            elements.put(demand.path(), demand.shape().elements());
        }
    }

    @Override
    public String name() {
        return "random parameters";
    }

    @Override
    public List<TensorEntry> entries() {
        return List.copyOf(entries);
    }

    /** Weights, means and biases lie in -1..1, gammas in 0.5..1.5, variances in 0.25..1.25; a range is -1..1. */
    @Override
    public float[] floats(TensorEntry entry) {
        SplittableRandom random = new SplittableRandom(seed * 31 + entry.name().hashCode());
        float[] values = new float[elements.get(entry.name())];
        String part = entry.name().substring(entry.name().lastIndexOf('.') + 1);
        for (int i = 0; i < values.length; i++) {
            float unit = random.nextInt(1 << 24) / (float) (1 << 24);
            values[i] = switch (part) {
                case "gamma" -> 0.5f + unit;
                case "variance" -> 0.25f + unit;
                case "range", "ranges" -> i % 2 == 0 ? -1 : 1;
                default -> 2 * unit - 1;
            };
        }
        return values;
    }

    @Override
    public byte[] bytes(TensorEntry entry) {
        throw new IllegalArgumentException(entry.name() + " is not stored as bytes");
    }
}
