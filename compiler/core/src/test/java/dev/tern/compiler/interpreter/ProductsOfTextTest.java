package dev.tern.compiler.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an op with weights comes to, from its text to its bits, computed by hand. */
class ProductsOfTextTest {
    private static Tensor run(String scheme, float[] weights, float... x) {
        Graph graph = TernModels.unbound("m.tern", "model M(x: f32[" + x.length
                + "]) -> (y: f32[1]) {\n    y = x |> dense(1, " + scheme + ")\n}\n");
        Tensor numbers = new Tensor.Floats(Shape.of(1, weights.length), weights);
        List<Node> nodes = graph.nodes().stream().map(node -> node.operation() instanceof Operation.Parameter
                ? new Node(node.id(), node.type(), new Operation.Constant(numbers), node.origin())
                : node).toList();
        return GraphInterpreter.run(graph.withNodes(nodes), List.of(Tensor.of(x))).getFirst();
    }

    /** Two products, each with its own scale, then their sum: (s_a * s+) * sum+ + (s_a * s-) * sum-. */
    @Test
    void trainedTernaryWeightsMakeTwoProducts() {
        float s = 0.1f;
        float positive = (float) ((0.3f + (double) 0.5f) / 2);
        float first = s * positive * 8;
        float second = s * 0.9f * -3;
        assertThat(run("weights: ternary(ttq), activations: static(4, scale: 0.1)", new float[]{0.3f, 0.5f, -0.9f},
                0.5f, 0.3f, 0.3f)).isEqualTo(Tensor.of(first + second));
    }

    /** Their product is about 1, where 1e-30 times the sum of 120 would round otherwise. */
    @Test
    void theScalesAreMultipliedFirst() {
        float scales = 1e30f * 1e-30f;
        assertThat(run("weights: binary, activations: static(8, scale: 1e30)", new float[]{1e-30f, 1e-30f}, 1e32f,
                2e31f))
                .isEqualTo(Tensor.of(scales * 120));
    }
}
