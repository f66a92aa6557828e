package dev.tern.compiler.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelInputsTest {
    private static final Graph GRAPH = TernModels.unbound("inputs.tern", """
            model Inputs(a: f32[2], b: u8[3], c: i8[1]) -> (y: f32[2]) {
                y = a + dense(b, 1) + dense(c, 1, activations: static(8, -1..1))
            }
            """);
    private final ModelInputs inputs = new ModelInputs(GRAPH);

    @Test
    void bytesAreReadAsTheInputSays() {
        List<Tensor> tensors = inputs.tensors(
                new Object[]{new float[]{0.5f, -1}, new byte[]{-1, 0, 1}, new byte[]{-128}});
        assertThat(tensors).containsExactly(Tensor.of(0.5f, -1),
                new Tensor.Integers(Shape.of(3), new int[]{255, 0, 1}),
                new Tensor.Integers(Shape.of(1), new int[]{-128}));
        assertThat(inputs.signature().inputs()).hasToString("[a: f32[2], b: u8[3], c: i8[1]]");
    }

    @Test
    void madeUpInputsAreTheSameForTheSameSeed() {
        List<List<Tensor>> made = inputs.random(3, 5);
        assertThat(made).isEqualTo(inputs.random(3, 5)).isNotEqualTo(inputs.random(3, 6));
        assertThat(made.getLast().getFirst()).isEqualTo(Tensor.of(0f, 0f));
        for (float value : ((Tensor.Floats) made.getFirst().getFirst()).values()) {
            assertThat(value).isBetween(0f, 1f);
        }
    }
}
