package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.testing.TernModels;
import org.junit.jupiter.api.Test;

class PropagateRangesTest {
    @Test
    void sumsBeyondThirtyTwoBitsAreReportedWhereTheyAreWritten() {
        String text = """
                model Wide(x: u8[90000]) -> (y: f32[1]) {
                    parameters "none.safetensors"
                    y = x |> dense(1, weights: int(8, scale: none), activations: static(8, 0..1))
                }
                """;
        Graph graph = constantWeights(TernModels.unbound("wide.tern", text), 127);
        Diagnostics diagnostics = new Diagnostics();
        new PropagateRanges().apply(new FoldConstants().apply(graph, diagnostics), diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEqualTo(
                """
                        error[T0903]: sums of 90000 products can reach 2914650000, which 32 bits do not hold
                         --> wide.tern:3:14
                          |
                        3 |     y = x |> dense(1, weights: int(8, scale: none), activations: static(8, 0..1))
                          |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ \
                        this layer's sums
                          = help: fewer bits for its weights or activations, or fewer inputs for each output, \
                        keep the sums within 2147483647
                        """);
    }

    @Test
    void theSumsOfActualWeightsMayFitWhereTheirTypeWouldNot() {
        String text = """
                model Wide(x: u8[90000]) -> (y: f32[1]) {
                    parameters "none.safetensors"
                    y = x |> dense(1, weights: int(8, scale: none), activations: static(8, 0..1))
                }
                """;
        Graph graph = constantWeights(TernModels.unbound("wide.tern", text), 1);
        Diagnostics diagnostics = new Diagnostics();
        Graph narrowed = new PropagateRanges().apply(new FoldConstants().apply(graph, diagnostics), diagnostics);
        assertThat(diagnostics.list()).isEmpty();
        assertThat(narrowed.nodes()).filteredOn(n -> n.operation() instanceof Operation.Dense)
                .extracting(n -> n.type().element())
                .containsExactly(new ElementType.Accumulator(0, 255L * 90000));
    }

    private static Graph constantWeights(Graph graph, float value) {
        return graph.withNodes(graph.nodes().stream().map(node -> {
            if (!(node.operation() instanceof Operation.Parameter)) {
                return node;
            }
            float[] weights = new float[node.type().shape().elements()];
            java.util.Arrays.fill(weights, value);
            return new dev.tern.compiler.graph.Node(node.id(), node.type(), new Operation.Constant(
                    new dev.tern.compiler.graph.Tensor.Floats(node.type().shape(), weights)), node.origin());
        }).toList());
    }
}
