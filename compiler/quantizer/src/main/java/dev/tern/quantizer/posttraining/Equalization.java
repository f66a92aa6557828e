package dev.tern.quantizer.posttraining;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.quantizer.FloatTwin;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cross-layer equalization (Nagel et al. 2019): between two layers with nothing but relu and pools, each channel is
 * divided by a factor that the second layer's weights are multiplied by, so that channels and the weights that read
 * them are of like size and none is lost to a scale that another asks for. Factors are powers of two, so that the float
 * model computes the same to the bit, but for numbers that leave the range of floats.
 */
public final class Equalization {
    private static final int GREATEST_EXPONENT = 8;

    private final Map<ValueId, Node> definitions;
    private final Map<ValueId, List<Node>> readers;
    private final Map<String, Tensor.Floats> parameters;

    private Equalization(Graph graph, Map<String, Tensor.Floats> parameters) {
        this.definitions = graph.definitions();
        this.readers = ProductSite.readers(graph);
        this.parameters = new LinkedHashMap<>(parameters);
    }

    /**
     * The parameters of the first layer that scale its channels. @param first what the second layer's path begins at
     */
    private record Source(List<String> paths, int channels) {
    }

    /**
     * Parameters that give the same float model.
     *
     * @param graph as analyzed
     * @param samples whose greatest values count
     */
    public static Map<String, Tensor.Floats> apply(Graph graph, Map<String, Tensor.Floats> parameters,
            List<List<Tensor>> samples) {
        Graph twin = FloatTwin.of(graph);
        Equalization equalization = new Equalization(twin, parameters);
        Map<ValueId, Source> pairs = new LinkedHashMap<>();
        for (Node node : twin.nodes()) {
            if (node.operation() instanceof Operation.Product product && equalization.weights(product).isPresent()) {
                equalization.source(product.a(), node).ifPresent(source -> pairs.put(node.id(), source));
            }
        }
        Map<ValueId, float[]> greatest = equalization.greatest(KnownParameters.bind(twin, parameters), pairs, samples);
        pairs.forEach((id, source) -> equalization.equalize(
                (Operation.Product) equalization.definitions.get(id).operation(), source, greatest.get(id)));
        return equalization.parameters;
    }

    private Optional<String> weights(Operation.Product product) {
        Node weights = definitions.get(product.weights());
        if (weights.operation() instanceof Operation.Reshape(ValueId x)) {
            weights = definitions.get(x);
        }
        return weights.operation() instanceof Operation.Parameter(String path, _) && readers.get(weights.id())
                .size() == 1 ? Optional.of(path) : Optional.empty();
    }

    /** What gives a value its channels, where the reader alone reads it. */
    private Optional<Source> source(ValueId value, Node reader) {
        if (readers.get(value).size() != 1) {
            return Optional.empty();
        }
        Node node = definitions.get(value);
        return switch (node.operation()) {
            case Operation.Activation(ElementFunction function, ValueId x) when function.equals(ElementFunction.RELU) ->
                source(x, reader);
            case Operation.MaxPool pool -> source(pool.x(), reader);
            case Operation.AvgPool pool -> source(pool.x(), reader);
            // In order of rows, so that channels come in turn as before.
            case Operation.Reshape reshape when node.type().shape().channels()
                    % definitions.get(reshape.x()).type().shape().channels() == 0 -> source(reshape.x(), reader);
            case Operation.BatchNorm norm -> paths(List.of(norm.gamma(), norm.beta()), node);
            case Operation.Elementwise _ -> ProductSite.bias(node, definitions)
                    .flatMap(bias -> biased(((Operation.Elementwise) node.operation()).left(), bias));
            case Operation.Product product -> weights(product)
                    .map(path -> new Source(List.of(path), node.type().shape().channels()));
            default -> Optional.empty();
        };
    }

    private Optional<Source> biased(ValueId x, Node bias) {
        Node node = definitions.get(x);
        return node.operation() instanceof Operation.Product product && readers.get(x).size() == 1
                && readers.get(bias.id()).size() == 1
                        ? weights(product).map(path -> new Source(
                                List.of(path, ((Operation.Parameter) bias.operation()).path()),
                                node.type().shape().channels()))
                        : Optional.empty();
    }

    private Optional<Source> paths(List<ValueId> ids, Node node) {
        return ids.stream().allMatch(id -> definitions.get(id).operation() instanceof Operation.Parameter
                && readers.get(id).size() == 1)
                        ? Optional.of(new Source(ids.stream()
                                .map(id -> ((Operation.Parameter) definitions.get(id).operation()).path()).toList(),
                                node.type().shape().channels()))
                        : Optional.empty();
    }

    /** The greatest magnitude of each channel that a second layer reads. */
    private Map<ValueId, float[]> greatest(Graph bound, Map<ValueId, Source> pairs, List<List<Tensor>> samples) {
        Map<ValueId, float[]> greatest = new HashMap<>();
        Map<ValueId, ValueId> read = new HashMap<>();
        pairs.forEach((id, source) -> {
            greatest.put(id, new float[source.channels]);
            read.put(((Operation.Product) definitions.get(id).operation()).a(), id);
        });
        samples.stream().parallel().forEach(sample -> GraphInterpreter.run(bound, sample, (node, value) -> {
            if (read.containsKey(node.id())) {
                float[] most = greatest.get(read.get(node.id()));
                float[] x = ((Tensor.Floats) value).values();
                synchronized (most) {
                    for (int i = 0; i < x.length; i++) {
                        most[i % most.length] = Math.max(most[i % most.length], Math.abs(x[i]));
                    }
                }
            }
        }));
        return greatest;
    }

    private void equalize(Operation.Product second, Source source, float[] greatest) {
        String path = weights(second).orElseThrow();
        Tensor.Floats weights = parameters.get(path);
        int channels = source.channels;
        int groups = second instanceof Operation.Conv conv ? conv.groups() : 1;
        int outs = weights.shape().dimension(0);
        int columns = weights.values().length / outs;
        int depth = second instanceof Operation.Conv ? channels / groups : columns;
        float[] reading = new float[channels];
        for (int i = 0; i < weights.values().length; i++) {
            int channel = channel(i, outs, columns, depth, groups, channels);
            reading[channel] = Math.max(reading[channel], Math.abs(weights.values()[i]));
        }
        float[] factors = new float[channels];
        for (int c = 0; c < channels; c++) {
            double exponent = greatest[c] > 0 && reading[c] > 0
                    ? Math.rint(Math.log(greatest[c] / reading[c]) / Math.log(2) / 2)
                    : 0;
            factors[c] = (float) Math.scalb(1.0,
                    (int) Math.max(-GREATEST_EXPONENT, Math.min(GREATEST_EXPONENT, exponent)));
        }
        float[] multiplied = weights.values().clone();
        for (int i = 0; i < multiplied.length; i++) {
            multiplied[i] *= factors[channel(i, outs, columns, depth, groups, channels)];
        }
        parameters.put(path, new Tensor.Floats(weights.shape(), multiplied));
        for (String first : source.paths) {
            Tensor.Floats old = parameters.get(first);
            float[] divided = old.values().clone();
            for (int i = 0; i < divided.length; i++) {
                divided[i] /= factors[(int) ((long) i * channels / divided.length)];
            }
            parameters.put(first, new Tensor.Floats(old.shape(), divided));
        }
    }

    /** The channel that a weight reads. */
    private static int channel(int weight, int outs, int columns, int depth, int groups, int channels) {
        int out = weight / columns;
        return (out / (outs / groups) * depth + weight % columns % depth) % channels;
    }
}
