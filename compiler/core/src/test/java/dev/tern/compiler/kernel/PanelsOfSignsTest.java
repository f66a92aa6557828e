package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.kernel.schedule.ProductSchedule.CarrySavePanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ShortPanels;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Differences of signs counted in ways of their own give the oracle's bits, of binary and of ternary weights. */
class PanelsOfSignsTest {
    /** Words that make no whole round, one word alone, borders, windows that leave pixels out, odd channels. */
    @ParameterizedTest
    @ValueSource(strings = {"f32[1] > dense(1) > f32[1]", "f32[255] > dense(65) > f32[65]",
        "f32[600] > dense(31) > f32[31]", "f32[7, 301] > dense(64) > f32[7, 64]",
        "f32[5, 6, 33] > conv(70, 3x3, pad: same) > f32[5, 6, 70]",
        "f32[6, 9, 4] > conv(17, 3x2, stride: 2) > f32[3, 5, 17]",
        "f32[9, 9, 65] > conv(3, 3x3, dilation: 2) > f32[9, 9, 3]"})
    void carrySaveAdders(String text) {
        check(text, new CarrySavePanels(0));
    }

    /** The most words and one, words that are not full, borders, panels that are not full. */
    @ParameterizedTest
    @ValueSource(strings = {"f32[1] > dense(1) > f32[1]", "f32[176] > dense(33) > f32[33]",
        "f32[64] > dense(130) > f32[130]", "f32[3, 65] > dense(16) > f32[3, 16]",
        "f32[7, 140] > dense(64) > f32[7, 64]", "f32[128] > dense(8) > f32[8]",
        "f32[5, 6, 16] > conv(16, 3x3, pad: same) > f32[5, 6, 16]",
        "f32[5, 6, 19] > conv(70, 3x3, pad: same) > f32[5, 6, 70]",
        "f32[6, 9, 4] > conv(17, 3x2, stride: 2) > f32[3, 5, 17]",
        "f32[9, 9, 10] > conv(3, 4x4, dilation: 2) > f32[9, 9, 3]"})
    void shorts(String text) {
        check(text, new ShortPanels(0));
    }

    private static void check(String text, ProductSchedule schedule) {
        String[] parts = text.split(" > ");
        for (String weights : List.of("binary", "ternary(twn)")) {
            Graph graph = TernModels.bound("piece.tern", """
                    model Piece(x: %s) -> (y: %s) {
                        parameters "piece.safetensors"
                        y = x |> %s, weights: %s, activations: sign)
                    }
                    """.formatted(parts[0], parts[2], parts[1].substring(0, parts[1].length() - 1), weights), 7);
            for (Target target : List.of(Target.vector(128), Target.vector(256), Target.vector(512))) {
                Scheduled.check(graph, target, (_, _, _) -> schedule, KernelModels.inputs(graph, new Random(3)));
            }
        }
    }
}
