package dev.tern.quantizer.calibration;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.quantizer.FloatTwin;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What quantization does to each layer's result, errors of the layers before it included.
 *
 * @param path of the layer
 * @param noise the difference from the float model with the same parameters. Of a model that was trained in low bits
 *     these are reals that move while it is trained, and what it would do with them says little
 * @param activations the difference from the float model whose weights are what the codes stand for: the noise of
 *     activations alone. Where a file holds codes it is the same
 */
public record LayerNoise(String path, Noise noise, Noise activations) {
    /**
     * The layers in the order of the graph.
     *
     * @param bound a model with its numbers
     * @param layers paths of those that are wanted
     * @param samples each the model's inputs in the order of its signature
     */
    public static List<LayerNoise> of(Graph bound, List<String> layers, List<List<Tensor>> samples) {
        Graph twin = FloatTwin.of(bound);
        Graph decoded = FloatTwin.of(DecodedWeights.of(bound));
        Map<ValueId, Node> twins = twin.definitions();
        Map<ValueId, Node> definitions = bound.definitions();
        Set<ValueId> sampled = new HashSet<>();
        Map<String, ValueId> last = new LinkedHashMap<>();
        for (Node node : bound.nodes()) {
            if (node.operation() instanceof Operation.Input
                    || node.operation().operands().stream().anyMatch(sampled::contains)) {
                sampled.add(node.id());
                Node real = twins.get(FloatTwin.standIn(definitions, node.id()));
                if (layers.contains(node.origin().path()) && node.type().element() instanceof ElementType.F32
                        && real != null && real.type().equals(node.type())) {
                    last.put(node.origin().path(), node.id());
                }
            }
        }
        Map<String, LayerNoise> noises = new LinkedHashMap<>();
        last.keySet().forEach(path -> noises.put(path, new LayerNoise(path, Noise.NONE, Noise.NONE)));
        for (List<Tensor> sample : samples) {
            Map<ValueId, Tensor> wanted = values(twin, sample);
            Map<ValueId, Tensor> byCodes = values(decoded, sample);
            Map<ValueId, Tensor> found = values(bound, sample);
            last.forEach((path, id) -> {
                ValueId real = FloatTwin.standIn(definitions, id);
                noises.merge(path, new LayerNoise(path, difference(wanted.get(real), found.get(id)),
                        difference(byCodes.get(real), found.get(id))), LayerNoise::plus);
            });
        }
        return List.copyOf(noises.values());
    }

    private static Map<ValueId, Tensor> values(Graph graph, List<Tensor> sample) {
        Map<ValueId, Tensor> values = new HashMap<>();
        GraphInterpreter.run(graph, sample, (node, value) -> values.put(node.id(), value));
        return values;
    }

    private LayerNoise plus(LayerNoise other) {
        return new LayerNoise(path, noise.plus(other.noise), activations.plus(other.activations));
    }

    private static Noise difference(Tensor wanted, Tensor found) {
        float[] real = ((Tensor.Floats) wanted).values();
        float[] quantized = ((Tensor.Floats) found).values();
        double signal = 0;
        double error = 0;
        for (int i = 0; i < real.length; i++) {
            signal += (double) real[i] * real[i];
            error += Math.pow(real[i] - (double) quantized[i], 2);
        }
        return new Noise(signal, error);
    }
}
