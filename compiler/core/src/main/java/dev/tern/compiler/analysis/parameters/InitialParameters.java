package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.Graph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Random numbers for every parameter of a graph, such as a network has before training: values stay of one magnitude
 * from layer to layer, so that sizes, speed and the flow of codes are those of a trained network, and answers mean
 * nothing. Each tensor depends on the seed and its path alone, on any machine.
 *
 * <p>Weights are uniform with the variance 2 / n of n weights to an output (He et al. 2015). Factors of norms lie in
 * 0.5..1.5, so do their variances; their means in -0.25..0.25, their summands in -0.5..0.5. A range is -4..4.
 */
public final class InitialParameters implements TensorSource {
    private final long seed;
    private final List<TensorEntry> entries = new ArrayList<>();
    private final Map<String, Demand> demands = new LinkedHashMap<>();

    /** @param graph whose parameters are not bound */
    public InitialParameters(Graph graph, long seed) {
        this.seed = seed;
        for (Demand demand : Demand.of(graph)) {
            if (demands.put(demand.path(), demand) == null) {
                entries.add(new TensorEntry(demand.path(), DataType.F32, "F32",
                        Arrays.stream(demand.shape().toArray()).asLongStream().boxed().toList(),
                        new FilePosition(name(), -1, "tensor " + demand.path())));
            }
        }
    }

    @Override
    public String name() {
        return "random parameters";
    }

    @Override
    public Optional<ParameterLayout> layout() {
        return Optional.of(ParameterLayout.TERN);
    }

    @Override
    public List<TensorEntry> entries() {
        return List.copyOf(entries);
    }

    /** Elements from low, which is among them, to high. */
    private record Span(float low, float high) {
        static Span around(double zero) {
            return new Span((float) -zero, (float) zero);
        }

        float at(double share) {
            return (float) (low + (high - low) * share);
        }
    }

    @Override
    public float[] floats(TensorEntry entry) {
        Demand demand = demands.get(entry.name());
        String part = entry.name().substring(entry.name().lastIndexOf('.') + 1);
        if (part.equals("range") || part.equals("ranges")) {
            float[] ranges = new float[demand.shape().elements()];
            for (int i = 0; i < ranges.length; i++) {
                ranges[i] = i % 2 == 0 ? -4 : 4;
            }
            return ranges;
        }
        SplittableRandom random = new SplittableRandom(seed * 31 + entry.name().hashCode());
        Span span = span(demand, part);
        float[] values = new float[demand.shape().elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = span.at(random.nextInt(1 << 24) / (double) (1 << 24));
        }
        return values;
    }

    private static Span span(Demand demand, String part) {
        return switch (demand.role()) {
            case DENSE, CONV, DEPTHWISE, CONV1D, CONVTRANSPOSE -> Span.around(Math.sqrt(6.0 * demand.shape().dimension(
                    0) / demand.shape().elements()));
            case GAMMA, VARIANCE -> new Span(0.5f, 1.5f);
            case BETA -> Span.around(0.5);
            case MEAN -> Span.around(0.25);
            case SLOPE -> new Span(0, 0.5f);
            case OTHER -> switch (part) {
                case "bias" -> Span.around(0.125);
                case "scale" -> new Span(0.5f, 1.5f);
                // Of a step's scale, above 0.
                case "steps" -> new Span(0.125f, 0.25f);
                default -> Span.around(1);
            };
        };
    }

    @Override
    public byte[] bytes(TensorEntry entry) {
        throw new IllegalArgumentException(entry.name() + " is not stored as bytes");
    }
}
