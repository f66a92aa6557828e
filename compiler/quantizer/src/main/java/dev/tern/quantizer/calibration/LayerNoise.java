package dev.tern.quantizer.calibration;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.quantizer.FloatTwin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What quantization does to each layer's result: the difference from the float model with the same parameters, errors
 * of the layers before it included. Where a file holds codes, what these stand for are the float model's weights, and
 * the noise is that of the activations.
 *
 * @param path of the layer
 */
public record LayerNoise(String path, Noise noise) {
    /**
     * The layers in the order of the graph.
     *
     * @param bound a model with its numbers
     * @param layers paths of those that are wanted
     * @param samples each the model's inputs in the order of its signature
     */
    public static List<LayerNoise> of(Graph bound, List<String> layers, List<List<Tensor>> samples) {
        Graph twin = FloatTwin.of(bound);
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
        Map<String, Noise> noises = new LinkedHashMap<>();
        last.keySet().forEach(path -> noises.put(path, Noise.NONE));
        for (List<Tensor> sample : samples) {
            Map<ValueId, Tensor> wanted = new HashMap<>();
            GraphInterpreter.run(twin, sample, (node, value) -> wanted.put(node.id(), value));
            Map<ValueId, Tensor> found = new HashMap<>();
            GraphInterpreter.run(bound, sample, (node, value) -> found.put(node.id(), value));
            last.forEach((path, id) -> {
                if (wanted.get(FloatTwin.standIn(definitions, id)) instanceof Tensor.Floats(_, float[] real)
                        && found.get(id) instanceof Tensor.Floats(_, float[] quantized)) {
                    noises.merge(path, difference(real, quantized), Noise::plus);
                }
            });
        }
        List<LayerNoise> result = new ArrayList<>();
        noises.forEach((path, noise) -> result.add(new LayerNoise(path, noise)));
        return result;
    }

    private static Noise difference(float[] real, float[] quantized) {
        double signal = 0;
        double error = 0;
        for (int i = 0; i < real.length; i++) {
            signal += (double) real[i] * real[i];
            error += Math.pow(real[i] - (double) quantized[i], 2);
        }
        return new Noise(signal, error);
    }
}
