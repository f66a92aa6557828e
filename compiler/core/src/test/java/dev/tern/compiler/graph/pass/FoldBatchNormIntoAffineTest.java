package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.testing.TernModels;
import org.junit.jupiter.api.Test;

class FoldBatchNormIntoAffineTest {
    @Test
    void statisticsThatAreNotBoundYetAreLeft() {
        Graph graph = TernModels.unbound("norm.tern", """
                model Norm(x: f32[4]) -> (y: f32[4]) {
                    parameters "none.safetensors"

                    y = x |> batchnorm
                }
                """);
        assertThat(new FoldBatchNormIntoAffine().apply(graph, new Diagnostics())).isEqualTo(graph);
    }
}
