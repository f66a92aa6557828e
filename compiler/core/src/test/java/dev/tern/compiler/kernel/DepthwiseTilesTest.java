package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.kernel.Producer.TileProduct;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Depthwise products in lanes of 32 and of 16 bits, some rows of a line and some lines at a time. */
class DepthwiseTilesTest {
    private static final List<Target> TARGETS = List.of(Target.vector(128), Target.vector(256), Target.vector(512));

    /** Channels that fill no vector or several columns, borders, strides, dilation, windows of many taps. */
    @ParameterizedTest
    @ValueSource(strings = {"f32[5, 3, 64] > depthwise(3x3, pad: same) > f32[5, 3, 64]",
        "f32[7, 4, 33] > depthwise(3x3, pad: same) > f32[7, 4, 33]",
        "f32[6, 9, 5] > depthwise(3x3, stride: 2, pad: same) > f32[3, 5, 5]",
        "f32[9, 9, 17] > depthwise(3x3, dilation: 2, pad: same) > f32[9, 9, 17]",
        "f32[5, 6, 70] > depthwise(5x5, pad: same) > f32[5, 6, 70]",
        "f32[9, 1, 8] > depthwise(5x1, pad: valid) > f32[5, 1, 8]",
        "f32[4, 3, 9] > depthwise(1x1) > f32[4, 3, 9]"})
    void givesTheBitsOfTheOracle(String text) {
        String[] parts = text.split(" > ");
        for (String scheme : List.of("weights: ternary(twn), activations: dynamic(8)",
                "weights: int(4), activations: static(4, -1..2)", "weights: binary, activations: sign",
                "weights: int(8), activations: dynamic(8)")) {
            Graph graph = TernModels.bound("piece.tern", """
                    model Piece(x: %s) -> (y: %s) {
                        parameters "piece.safetensors"
                        y = x |> %s, %s)
                    }
                    """.formatted(parts[0], parts[2], parts[1].substring(0, parts[1].length() - 1), scheme), 7);
            List<Tensor> inputs = KernelModels.inputs(graph, new Random(3));
            for (Target target : TARGETS) {
                for (int rows : List.of(1, 13)) {
                    CostModel.Choice choice = (_, shape, _) -> new Tiles(rows, 1, shape.productsIn16Bits() >= shape
                            .taps() ? Lane.I16 : Lane.F32);
                    Scheduled.check(graph, target, choice, inputs);
                }
            }
        }
    }

    /**
     * Lines of all widths up to what is taken together and a little beyond, and epilogues of all lengths, several of
     * which stand in one routine.
     */
    @ParameterizedTest
    @ValueSource(strings = {"", " |> batchnorm", " |> batchnorm |> relu |> conv(3, 1x1, weights: int(8), "
            + "activations: static(8, 0..4))", " |> batchnorm |> relu |> conv(3, 1x1, weights: ternary(twn), "
                    + "activations: dynamic(4))", " |> conv(3, 1x1, weights: binary, activations: sign)"})
    void severalRowsHaveEpiloguesOfTheirOwn(String after) {
        int channels = after.contains("conv") ? 3 : 64;
        for (int width = 1; width <= 9; width++) {
            for (int stride = 1; stride <= 2; stride++) {
                Graph graph = TernModels.bound("piece.tern", """
                        model Piece(x: f32[3, %d, 64]) -> (y: f32[%d, %d, %d]) {
                            parameters "piece.safetensors"
                            y = x |> depthwise(3x3, stride: %d, weights: int(8), activations: dynamic(8))%s
                        }
                        """.formatted(width, (2 + stride) / stride, (width + stride - 1) / stride, channels, stride,
                        after), 7);
                List<Tensor> inputs = KernelModels.inputs(graph, new Random(3));
                for (Target target : TARGETS) {
                    int rows = width;
                    CostModel.Choice choice = (_, shape, candidates) -> shape.depthwise()
                            ? new Tiles(rows, 1)
                            : candidates.getFirst().schedule();
                    Scheduled.check(graph, target, choice, inputs);
                }
            }
        }
    }

    /** Nine greatest products are the most that 16 bits are taken for. */
    @ParameterizedTest
    @CsvSource({"ternary(twn), 8, I16", "int(4), 8, I16", "int(5), 8, F32", "int(8), 4, I16", "int(8), 5, F32"})
    void sumsThatFitTakeLanesOf16Bits(String weights, int bits, Lane lane) {
        Graph graph = TernModels.bound("piece.tern", """
                model Piece(x: f32[25, 5, 64]) -> (y: f32[25, 5, 64]) {
                    parameters "piece.safetensors"
                    y = x |> depthwise(3x3, weights: %s, activations: dynamic(%d))
                }
                """.formatted(weights, bits), 7);
        KernelProgram program = Scheduled.check(graph, Target.vector(256), (_, _, candidates) -> candidates.stream()
                .map(CostModel.Candidate::schedule)
                .filter(schedule -> schedule instanceof Tiles tiles && tiles.lane() == Lane.I16).findFirst()
                .orElse(new Tiles(25, 1)), KernelModels.inputs(graph, new Random(3)));
        assertThat(program.kernels()).filteredOn(kernel -> kernel instanceof Kernel.PixelKernel pixel
                && pixel.producer() instanceof TileProduct).singleElement().satisfies(kernel -> {
                    Kernel.PixelKernel pixel = (Kernel.PixelKernel) kernel;
                    // Five lines of five rows.
                    assertThat(pixel.schedule()).isEqualTo(new Tiles(25, 1, lane));
                    assertThat(((TileProduct) pixel.producer()).pixelElements()).isEqualTo(lane == Lane.I16 ? 32 : 64);
                });
    }
}
