package dev.tern.quantizer.calibration;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.meaning.Meaning;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model whose float weights are what their codes and scales stand for. A model trained in low bits keeps reals that
 * its codes are made of; with these themselves its layers give other values than it ever computes.
 */
public final class DecodedWeights {
    private DecodedWeights() {
    }

    /** @param bound a model with its numbers */
    public static Graph of(Graph bound) {
        Map<ValueId, Node> definitions = bound.definitions();
        Map<ValueId, float[]> decoded = new HashMap<>();
        for (Node node : bound.nodes()) {
            if (node.operation() instanceof Operation.WeightCodes codes && definitions.get(codes.weights())
                    .operation() instanceof Operation.Constant(Tensor.Floats weights)) {
                add(codes, weights, decoded.computeIfAbsent(codes.weights(), _ -> new float[weights.values().length]));
            }
        }
        return bound.withNodes(bound.nodes().stream().map(node -> decoded.containsKey(node.id())
                ? new Node(node.id(), node.type(), new Operation.Constant(
                        new Tensor.Floats(node.type().shape(), decoded.get(node.id()))), node.origin())
                : node).toList());
    }

    /** Adds what the codes of one sign, or all, stand for. */
    private static void add(Operation.WeightCodes codes, Tensor.Floats weights, float[] sum) {
        List<Tensor> operand = List.of(weights);
        int[] each = ((Tensor.Integers) Meaning.evaluate(codes, null, operand)).values();
        float[] scales = ((Tensor.Floats) Meaning.evaluate(
                new Operation.WeightScale(codes.weights(), codes.scheme(), codes.part()), null, operand)).values();
        Shape shape = weights.shape();
        int shared = scales.length == 1 ? sum.length : sum.length / shape.dimension(0);
        for (int i = 0; i < sum.length; i++) {
            sum[i] += scales[i / shared] * each[i];
        }
    }
}
