package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.testing.TernModels;
import dev.tern.compiler.verification.ModelVerifier;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodeOfNaNTest {
    /** Infinity less infinity is NaN, whose code is 0: 8 steps under the zero point, which the relu raises to 0. */
    @Test
    void aReluBehindAZeroPointStays() {
        Graph model = TernModels.unbound("nan.tern", """
                model Nan(x: f32[2]) -> (y: f32[2]) {
                    twice = x + x
                    y = (twice - twice) |> relu |> quantize(static(4, scale: 0.5, zero: 8, unsigned: true)) |> relu
                }
                """);
        ModelVerifier verifier = new ModelVerifier(model, List.of(List.of(Tensor.of(3e38f, 1f))), true);
        verifier.passes(GraphPasses.standard(), new Diagnostics());
        assertThat(verifier.difference()).isEmpty();
        assertThat(verifier.outputs()).containsExactly(List.of(Tensor.of(0f, 0f)));
    }
}
