package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ChannelsFirst;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Lines;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Multiplications;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Products in plain loops over rows of weights, or over bytes on small JVMs, give the oracle's bits. */
class MultiplyLoopsTest {
    /** Windows that are one pass and windows of several, borders, gaps, groups, one channel each, single values. */
    @ParameterizedTest
    @ValueSource(strings = {"f32[1] > dense(1) > f32[1]", "f32[37] > dense(65) > f32[65]",
        "f32[3, 10] > dense(7) > f32[3, 7]", "f32[11, 13] > dense(20) > f32[11, 20]",
        "f32[3, 23, 3] > conv(8, 3x3, pad: same) > f32[3, 23, 8]",
        "f32[4, 27, 2] > conv(6, 3x3, pad: same, stride: 2) > f32[2, 14, 6]",
        "f32[5, 9, 6] > conv(10, 1x1) > f32[5, 9, 10]", "f32[5, 6, 1] > conv(9, 3x3, pad: same) > f32[5, 6, 9]",
        "f32[5, 6, 3] > conv(20, 3x3, pad: same) > f32[5, 6, 20]",
        "f32[6, 9, 4] > conv(17, 3x2, stride: 2) > f32[3, 5, 17]",
        "f32[9, 9, 5] > conv(3, 3x3, dilation: 2) > f32[9, 9, 3]",
        "f32[4, 5, 6] > conv(9, 3x3, pad: same, groups: 3) > f32[4, 5, 9]",
        "f32[4, 5, 33] > depthwise(3x3, pad: same) > f32[4, 5, 33]"})
    void givesTheBitsOfTheOracle(String text) {
        String[] parts = text.split(" > ");
        for (String scheme : List.of("weights: int(8), activations: dynamic(8)",
                "weights: int(8), activations: static(8, 0..1)", "weights: float, activations: float",
                "weights: int(8), activations: float",
                "weights: ternary(twn), activations: sign")) {
            Graph graph = TernModels.bound("piece.tern", """
                    model Piece(x: %s) -> (y: %s) {
                        parameters "piece.safetensors"
                        y = x |> %s, %s)
                    }
                    """.formatted(parts[0], parts[2], parts[1].substring(0, parts[1].length() - 1), scheme), 7);
            for (Target target : List.of(Target.PORTABLE, Target.EDGE, Target.vector(256))) {
                for (Multiplications loops : List.of(new Multiplications(1), new Multiplications(4),
                        new Multiplications(8), new Multiplications(2, 4), new Multiplications(3, 2))) {
                    Scheduled.check(graph, target, (_, _, _) -> loops, KernelModels.inputs(graph, new Random(3)));
                }
            }
        }
    }

    /**
     * Parts of lines where each channel has its own weights: windows side by side, with gaps and strides; lines of one
     * part, and of several, the last of which begins within the one before; windows wider than what they slide over.
     */
    @ParameterizedTest
    @ValueSource(strings = {"f32[4, 5, 33] > depthwise(3x3, pad: same) > f32[4, 5, 33]",
        "f32[5, 47, 50] > depthwise(3x3, pad: same) > f32[5, 47, 50]",
        "f32[7, 9, 12] > depthwise(3x3, pad: same, stride: 2) > f32[4, 5, 12]",
        "f32[9, 40, 65] > depthwise(5x4, stride: 2) > f32[5, 20, 65]",
        "f32[9, 9, 8] > depthwise(3x3, pad: same, dilation: 2) > f32[9, 9, 8]",
        "f32[3, 2, 800] > depthwise(5x5, pad: same) > f32[3, 2, 800]",
        "f32[1, 30, 16] > depthwise(1x10, pad: same) > f32[1, 30, 16]",
        "f32[6, 3, 1000] > depthwise(1x1) > f32[6, 3, 1000]",
        "f32[1, 6, 9] > depthwise(3x3, pad: same) > f32[1, 6, 9]",
        "f32[2, 6, 9] > depthwise(3x3, pad: same) > f32[2, 6, 9]",
        "f32[7, 6, 9] > depthwise(3x3, pad: valid) > f32[5, 4, 9]",
        "f32[3, 5, 20] > depthwise(3x2, pad: valid) > f32[1, 4, 20]",
        "f32[8, 7, 10] > depthwise(2x3, pad: same) > f32[8, 7, 10]",
        "f32[6, 9, 11] > depthwise(4x2, pad: valid) > f32[3, 8, 11]",
        "f32[7, 8, 16] > depthwise(5x5, pad: same) > f32[7, 8, 16]",
        "f32[9, 6, 13] > depthwise(3x3, pad: same(+1)) > f32[9, 6, 13]"})
    void linesGiveTheBitsOfTheOracle(String text) {
        String[] parts = text.split(" > ");
        for (String scheme : List.of("weights: int(8), activations: dynamic(8)",
                "weights: ternary(twn), activations: dynamic(8)", "weights: binary, activations: dynamic(8, absmax)",
                "weights: ternary(twn), activations: dynamic(4, absmax)", "weights: int(3), activations: dynamic(2)",
                "weights: ternary(twn), activations: static(4, -0.3..1)", "weights: float, activations: float",
                "weights: int(8), activations: float", "weights: binary, activations: sign")) {
            Graph graph = TernModels.bound("piece.tern", """
                    model Piece(x: %s) -> (y: %s) {
                        parameters "piece.safetensors"
                        y = x |> %s, %s)
                    }
                    """.formatted(parts[0], parts[2], parts[1].substring(0, parts[1].length() - 1), scheme), 7);
            Scheduled.check(graph, Target.PORTABLE, (_, _, _) -> new Lines(), KernelModels.inputs(graph, new Random(
                    3)));
        }
    }

    /** Codes at both ends of their grid, whose sums come as near to a third of the base as they can. */
    @ParameterizedTest
    @ValueSource(strings = {"dynamic(8)", "dynamic(8, absmax)", "dynamic(4, absmax)"})
    void linesThatShareF32HoldTheGreatestSums(String activations) {
        Graph graph = TernModels.bound("piece.tern", """
                model Piece(x: f32[9, 6, 16]) -> (y: f32[9, 6, 16]) {
                    parameters "piece.safetensors"
                    y = x |> depthwise(3x3, weights: binary, activations: %s)
                }
                """.formatted(activations), 7);
        Random random = new Random(5);
        for (int round = 0; round < 20; round++) {
            float[] ends = new float[9 * 6 * 16];
            for (int i = 0; i < ends.length; i++) {
                ends[i] = random.nextInt(8) == 0 ? random.nextFloat() - 0.5f : random.nextBoolean() ? 1 : -1;
            }
            Scheduled.check(graph, Target.PORTABLE, (_, _, _) -> new Lines(), List.of(new Tensor.Floats(Shape.of(9, 6,
                    16), ends)));
        }
    }

    /**
     * Rows of lines together: images of one part and of several, of one line, windows with gaps, strides that are
     * longer than the window, padding on one side and on all, values and channels that are no multiple of what the
     * loops take.
     */
    @ParameterizedTest
    @ValueSource(strings = {"f32[32, 32, 5] > conv(24, 3x3, pad: same) > f32[32, 32, 24]",
        "f32[9, 11, 3] > conv(19, 3x3, pad: same) > f32[9, 11, 19]",
        "f32[700, 6] > dense(33) > f32[700, 33]", "f32[1300, 4] > dense(8) > f32[1300, 8]",
        "f32[17, 20, 4] > conv(16, 3x3, pad: same, stride: 2) > f32[9, 10, 16]",
        "f32[16, 40, 3] > conv(9, 5x4, stride: 2) > f32[8, 20, 9]",
        "f32[13, 14, 6] > conv(8, 2x2, stride: 3) > f32[5, 5, 8]",
        "f32[12, 13, 7] > conv(17, 1x1, stride: 2) > f32[6, 7, 17]",
        "f32[20, 19, 5] > conv(10, 3x3, pad: same, dilation: 2) > f32[20, 19, 10]",
        "f32[3, 900, 2] > conv(12, 3x5, pad: same) > f32[3, 900, 12]",
        "f32[1, 640, 4] > conv(11, 1x9, pad: same) > f32[1, 640, 11]",
        "f32[49, 10, 1] > conv(16, 10x4, pad: same, stride: 2) > f32[25, 5, 16]",
        "f32[25, 5, 16] > conv(20, 1x1) > f32[25, 5, 20]"})
    void channelsFirstGiveTheBitsOfTheOracle(String text) {
        String[] parts = text.split(" > ");
        for (String scheme : List.of("weights: int(8), activations: dynamic(8)",
                "weights: ternary(twn), activations: static(4, -0.3..1)", "weights: float, activations: float",
                "weights: int(8), activations: float", "weights: binary, activations: sign")) {
            Graph graph = TernModels.bound("piece.tern", """
                    model Piece(x: %s) -> (y: %s) {
                        parameters "piece.safetensors"
                        y = x |> %s, %s)
                    }
                    """.formatted(parts[0], parts[2], parts[1].substring(0, parts[1].length() - 1), scheme), 7);
            Scheduled.check(graph, Target.PORTABLE, (_, _, _) -> new ChannelsFirst(), KernelModels.inputs(graph,
                    new Random(3)));
        }
    }
}
