package dev.tern.compiler.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Static quantizers with a range for each channel, by hand. */
class ChannelRangesTest {
    private static Graph model(String input, String body, Map<String, Tensor> numbers) {
        Graph graph = TernModels.unbound("m.tern", "model M(" + input
                + ") {\n    parameters \"m.safetensors\"\n    y = "
                + body + "\n}\n");
        return graph.withNodes(graph.nodes().stream().map(node -> node.operation() instanceof Operation.Parameter p
                ? new Node(node.id(), node.type(), new Operation.Constant(numbers.get(p.path())), node.origin())
                : node).toList());
    }

    private static void check(Graph graph, float[] x, float... expected) {
        Shape shape = graph.definitions().get(graph.inputs().getFirst()).type().shape();
        assertThat(((Tensor.Floats) GraphInterpreter.run(graph, List.of(new Tensor.Floats(shape, x))).getFirst())
                .values()).containsExactly(expected);
        for (Target target : List.of(Target.PORTABLE, HostTarget.find().target())) {
            assertThat(Compilation.of(graph, List.of(), HostTarget.of(target, "a test")).model().newSession().run(x))
                    .as("%s", target).containsExactly(expected);
        }
    }

    /**
     * Signed codes of 4 bits, -8..7, on scales of 7 / 7 = 1 and 14 / 7 = 2. Of 3.5 and 5 the codes are 4 (halves to
     * even) and 2; of -100 and 100 they are -8 and 7. The weights are 5 and -3.
     */
    @Test
    void aDepthwiseProductHasAScaleForEachChannel() {
        Graph graph = model("x: f32[1, 2, 2]) -> (y: f32[1, 2, 2]",
                "x |> depthwise(1x1, weights: int(8, scale: none), activations: static(4, calibrated, per: channel))",
                Map.of("y.depthwise.ranges", new Tensor.Floats(Shape.of(2, 2), new float[]{-7, 3, 0, 14}),
                        "y.depthwise.weight", new Tensor.Floats(Shape.of(2, 1, 1, 1), new float[]{5, -3})));
        check(graph, new float[]{3.5f, 5, -100, 100}, 4 * 5, 2 * -3 * 2f, -8 * 5, 7 * -3 * 2f);
    }

    /** Nothing is negative: codes 0..15 on scales of 15 / 15 = 1 and 30 / 15 = 2; two outputs of each channel. */
    @Test
    void channelsThatAreMultipliedKeepTheirScale() {
        Graph graph = model("x: f32[1, 1, 2]) -> (y: f32[1, 1, 4]",
                "x |> relu |> depthwise(1x1, multiplier: 2, weights: int(8, scale: none),"
                        + " activations: static(4, calibrated, per: channel))",
                Map.of("y.depthwise.ranges", new Tensor.Floats(Shape.of(2, 2), new float[]{0, 15, 0, 30}),
                        "y.depthwise.weight", new Tensor.Floats(Shape.of(4, 1, 1, 1), new float[]{1, 2, 3, 4})));
        check(graph, new float[]{9.4f, 9.4f}, 9, 18, 5 * 3 * 2f, 5 * 4 * 2f);
    }

    @Test
    void functionsOfElementsReadWhatCodesStandFor() {
        Graph graph = model("x: f32[2]) -> (y: f32[2]", "x |> quantize(static(2, calibrated, per: channel)) |> abs",
                Map.of("y.quantize.ranges", new Tensor.Floats(Shape.of(2, 2), new float[]{-0.5f, 0.25f, -3, 3})));
        check(graph, new float[]{-0.8f, 1.4f}, 1, 0);
    }
}
