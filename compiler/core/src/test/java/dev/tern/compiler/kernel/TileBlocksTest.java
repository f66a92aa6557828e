package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tiles in blocks of rows give the oracle's bits however rows, lines and columns come out, on several threads too. */
class TileBlocksTest {
    @ParameterizedTest
    @ValueSource(strings = {
        // Eleven lines and two; tiles that go on from line to line, and columns for threads.
        "f32[13, 9, 12] > conv(20, 3x3, pad: same) > f32[13, 9, 20]",
        "f32[5, 7, 12] > conv(130, 3x3, pad: same) > f32[5, 7, 130]",
        "f32[7, 2, 40] > conv(66, 3x3, pad: same) > f32[7, 2, 66]",
        "f32[9, 13, 12] > conv(9, 3x3, stride: 2) > f32[5, 7, 9]",
        // Parts of a line, of many rows and of few weights; sums of several parts of the steps.
        "f32[3, 103, 11] > conv(9, 3x3, pad: same) > f32[3, 103, 9]", "f32[130, 100] > dense(70) > f32[130, 70]",
        "f32[37, 20] > dense(130) > f32[37, 130]", "f32[6, 2100] > dense(70) > f32[6, 70]"})
    void giveTheBitsOfTheOracle(String text) {
        String[] parts = text.split(" > ");
        for (Lane lane : Lane.values()) {
            for (String scheme : switch (lane) {
                case F32 -> List.of("weights: int(8), activations: dynamic(8)", "weights: float");
                case I16 -> List.of("weights: ternary(twn), activations: dynamic(8)");
                case I8 -> List.of("weights: ternary(twn), activations: static(4, -1..1)");
            }) {
                Graph graph = TernModels.bound("piece.tern", """
                        model Piece(x: %s) -> (y: %s) {
                            parameters "piece.safetensors"
                            y = x |> %s, %s)
                        }
                        """.formatted(parts[0], parts[2], parts[1].substring(0, parts[1].length() - 1), scheme), 7);
                List<Tensor> inputs = KernelModels.inputs(graph, new Random(3));
                for (int rows : new int[]{3, 4, 5}) {
                    Scheduled.check(graph, Target.vector(256), (_, _, _) -> new Tiles(rows, 2, lane), inputs);
                }
                Scheduled.check(graph, Target.vector(512), (_, _, _) -> new Tiles(8, 1, lane), inputs);
            }
        }
    }
}
