package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.model.ClassResults;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.Producer.TileProduct;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiles in lanes of 16 bits give the oracle's bits, up to the greatest sums that such a lane holds. */
class ShortTilesTest {
    private static final List<Target> TARGETS = List.of(Target.vector(128), Target.vector(256), Target.vector(512));

    /** Odd channels, windows that leave pixels out, borders, and sums of several passes. */
    @ParameterizedTest
    @ValueSource(strings = {"f32[1, 1, 3] > conv(5, 1x1) > f32[1, 1, 5]",
        "f32[5, 7, 3] > conv(17, 3x3, pad: same) > f32[5, 7, 17]",
        "f32[5, 6, 33] > conv(70, 3x3, pad: same) > f32[5, 6, 70]",
        "f32[6, 9, 4] > conv(64, 3x2, stride: 2) > f32[3, 5, 64]",
        "f32[9, 9, 5] > conv(3, 3x3, dilation: 2) > f32[9, 9, 3]", "f32[600] > dense(65) > f32[65]",
        "f32[7, 301] > dense(31) > f32[7, 31]"})
    void givesTheBitsOfTheOracle(String text) {
        String[] parts = text.split(" > ");
        for (String scheme : List.of("weights: ternary(twn), activations: dynamic(8)",
                "weights: binary, activations: dynamic(8, absmax)", "weights: ternary(twn), activations: dynamic(4)",
                "weights: int(3), activations: static(5, -1..1)")) {
            Graph graph = TernModels.bound("piece.tern", """
                    model Piece(x: %s) -> (y: %s) {
                        parameters "piece.safetensors"
                        y = x |> %s, %s)
                    }
                    """.formatted(parts[0], parts[2], parts[1].substring(0, parts[1].length() - 1), scheme), 7);
            List<Tensor> inputs = KernelModels.inputs(graph, new Random(3));
            for (Target target : TARGETS) {
                for (Tiles tiles : List.of(new Tiles(1, 2, Lane.I16), new Tiles(3, 1, Lane.I16),
                        new Tiles(4, 2, Lane.I16))) {
                    check(graph, target, tiles, inputs);
                }
            }
        }
    }

    /** Every product has the greatest magnitude, and all one sign: 128 of them are the most that fit. */
    @Test
    void theGreatestSumsFit() {
        Graph graph = TernModels.bound("piece.tern", """
                model Piece(x: f32[514]) -> (y: f32[9]) {
                    parameters "piece.safetensors"
                    y = x |> dense(9, weights: binary, activations: static(8, 0..1))
                }
                """, 1);
        List<Tensor> ones = List.of(Tensor.of(onesOf(514)));
        for (Target target : TARGETS) {
            KernelProgram program = check(graph, target, new Tiles(1, 1, Lane.I16), ones);
            assertThat(program.kernels()).filteredOn(kernel -> kernel instanceof Kernel.PixelKernel pixel
                    && pixel.producer() instanceof TileProduct).singleElement().satisfies(kernel -> {
                        TileProduct product = (TileProduct) ((Kernel.PixelKernel) kernel).producer();
                        assertThat(product.pairs()).isTrue();
                        assertThat(product.steps()).isEqualTo(257);
                        assertThat(product.exact()).isEqualTo(128);
                    });
        }
    }

    private static float[] onesOf(int count) {
        float[] values = new float[count];
        IntStream.range(0, count).forEach(i -> values[i] = 1);
        return values;
    }

    private static KernelProgram check(Graph graph, Target target, Tiles tiles, List<Tensor> inputs) {
        List<Tensor> expected = GraphInterpreter.run(graph, inputs);
        Diagnostics diagnostics = new Diagnostics();
        Graph optimized = GraphPasses.standard().run(graph, diagnostics, PassObserver.none());
        CostModel.Choice choice = (layer, shape, candidates) -> tiles;
        KernelProgram program = KernelPasses.standard(choice).run(Lower.lower(optimized, target), diagnostics,
                PassObserver.none());
        assertThat(diagnostics.list()).isEmpty();
        assertThat(KernelVerifier.verify(program)).as(() -> KernelPrinter.print(program)).isEmpty();
        assertThat(KernelInterpreter.run(program, inputs)).as(() -> KernelPrinter.print(program)).isEqualTo(expected);
        assertThat(ClassResults.run(program, inputs)).as(() -> KernelPrinter.print(program)).isEqualTo(expected);
        return program;
    }
}
