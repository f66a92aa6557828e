package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.model.ClassResults;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A u8 input holds pixels, each the f32 quotient of its code by 255: the numbers of the same picture in an f32 input.
 */
class StoredPixelsTest {
    private static final int CODES = 256;

    static List<Target> targets() {
        return List.of(Target.PORTABLE, Target.vector(256), Target.vector(512));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everyCodeIsItsQuotient(Target target) {
        int[] codes = new int[CODES];
        Arrays.setAll(codes, code -> code);
        float[] pixels = new float[CODES];
        for (int code = 0; code < CODES; code++) {
            pixels[code] = code / 255f;
        }
        for (String op : List.of("relu", "clip(0..1)", "maxpool(1x1) |> relu", "quantize(dynamic(4))",
                "conv(3, 1x1, weights: float, activations: float)", "conv(3, 1x1, weights: binary, activations: sign)",
                "conv(3, 1x1, weights: int(4), activations: dynamic(8, absmax))")) {
            assertThat(results(target, "u8", op, new Tensor.Integers(Shape.of(2, 32, 4), codes))).as(op)
                    .isEqualTo(results(target, "f32", op, new Tensor.Floats(Shape.of(2, 32, 4), pixels)));
        }
        Tensor.Floats same = (Tensor.Floats) results(target, "u8", "relu",
                new Tensor.Integers(Shape.of(2, 32, 4), codes));
        assertThat(same.values()).isEqualTo(pixels);
    }

    /** What oracle, kernel interpreter and class agree on. */
    private static Tensor results(Target target, String type, String op, Tensor input) {
        String text = "model M(x: " + type + "[2, 32, 4]) -> (y: f32[2, 32, _]) {\n    y = x |> " + op + "\n}\n";
        // The sign of a pixel is known of a u8 input alone; relu tells it of the other.
        Graph graph = TernModels.bound("m.tern", type.equals("u8") ? text : text.replace("x |>", "x |> relu |>"), 1);
        List<Tensor> expected = GraphInterpreter.run(graph, List.of(input));
        Graph optimized = GraphPasses.standard().run(graph, new Diagnostics(), (_, _, _) -> {
        });
        KernelProgram lowered = Lower.lower(optimized, target);
        KernelProgram program = KernelPasses.standard(CostModel.Choice.CHEAPEST).run(lowered,
                new Diagnostics(), (_, _, _) -> {
                });
        assertThat(KernelInterpreter.run(program, List.of(input))).as(op).isEqualTo(expected);
        assertThat(ClassResults.run(program, List.of(input))).as(op).isEqualTo(expected);
        return expected.getFirst();
    }
}
