package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.kernel.schedule.ProductSchedule.CarrySavePanels;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bits counted by carry-save adders give the oracle's bits, of binary and of ternary weights. */
class CarrySaveTest {
    /** Words that make no whole round, one word alone, borders, windows that leave pixels out, odd channels. */
    @ParameterizedTest
    @ValueSource(strings = {"f32[1] > dense(1) > f32[1]", "f32[255] > dense(65) > f32[65]",
        "f32[600] > dense(31) > f32[31]", "f32[7, 301] > dense(64) > f32[7, 64]",
        "f32[5, 6, 33] > conv(70, 3x3, pad: same) > f32[5, 6, 70]",
        "f32[6, 9, 4] > conv(17, 3x2, stride: 2) > f32[3, 5, 17]",
        "f32[9, 9, 65] > conv(3, 3x3, dilation: 2) > f32[9, 9, 3]"})
    void givesTheBitsOfTheOracle(String text) {
        String[] parts = text.split(" > ");
        for (String weights : List.of("binary", "ternary(twn)")) {
            Graph graph = TernModels.bound("piece.tern", """
                    model Piece(x: %s) -> (y: %s) {
                        parameters "piece.safetensors"
                        y = x |> %s, weights: %s, activations: sign)
                    }
                    """.formatted(parts[0], parts[2], parts[1].substring(0, parts[1].length() - 1), weights), 7);
            for (Target target : List.of(Target.vector(128), Target.vector(256), Target.vector(512))) {
                Scheduled.check(graph, target, (_, _, _) -> new CarrySavePanels(0), KernelModels.inputs(graph,
                        new Random(3)));
            }
        }
    }
}
