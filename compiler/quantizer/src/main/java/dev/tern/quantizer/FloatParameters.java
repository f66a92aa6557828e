package dev.tern.quantizer;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers of a model by their paths, as floats; weights that its file has as codes are what these stand for. */
public final class FloatParameters {
    private FloatParameters() {
    }

    /**
     * @param graph as analyzed
     * @param bound the same with its numbers
     */
    public static Map<String, Tensor.Floats> of(Graph graph, Graph bound) {
        Map<ValueId, Node> values = bound.definitions();
        Map<String, Tensor.Floats> result = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Parameter(String path, _)) {
                Node found = values.get(node.id());
                result.put(path, found != null && found.operation() instanceof Operation.Constant(Tensor.Floats tensor)
                        ? tensor
                        : decoded(graph, values, node));
            }
        }
        return result;
    }

    private static Tensor.Floats decoded(Graph graph, Map<ValueId, Node> values, Node parameter) {
        float[] result = new float[parameter.type().shape().elements()];
        Map<Operation.Part, float[]> scales = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.WeightScale(ValueId weights, _, Operation.Part part)
                    && weights.equals(parameter.id())
                    && values.get(node.id()).operation() instanceof Operation.Constant(Tensor.Floats scale)) {
                scales.put(part, scale.values());
            }
        }
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.WeightCodes(ValueId weights, _, Operation.Part part)
                    && weights.equals(parameter.id())
                    && values.get(node.id()).operation() instanceof Operation.Constant(Tensor.Integers codes)) {
                float[] scale = scales.getOrDefault(part, new float[]{1});
                for (int i = 0; i < result.length; i++) {
                    result[i] += scale[(int) ((long) i * scale.length / result.length)] * codes.values()[i];
                }
            }
        }
        return new Tensor.Floats(parameter.type().shape(), result);
    }
}
