package dev.tern.compiler.analysis.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the options of pools give, as PyTorch gives it, and what pads, widens and reduces; worked out by hand on a line
 * of numbers.
 */
class PoolOptionsTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"maxpool(1x2) ; 1 2 3 ; 2", "maxpool(1x2, ceil: true) ; 1 2 3 ; 2 3",
        "avgpool(1x2, ceil: true) ; 1 2 3 ; 1.5 3", "maxpool(1x2, ceil: true) ; 1 2 ; 2",
        "avgpool(1x2, pad: [0, 1, 0, 1]) ; 1 2 3 ; 1 2.5",
        "avgpool(1x2, pad: [0, 1, 0, 1], count_padding: true) ; 1 2 3 ; 0.5 2.5",
        // The window that would begin in the padding behind is left out.
        "avgpool(1x2, pad: [0, 1, 0, 1], ceil: true, count_padding: true) ; 1 2 3 ; 0.5 2.5",
        // What lies beyond the padding does not count.
        "avgpool(1x2, pad: [0, 1, 0, 0], ceil: true, count_padding: true) ; 1 2 ; 0.5 2",
        "maxpool(1x2, ceil: true) ; 7 ; 7", "pad(1, 2, axis: 1, value: 0.5) ; 1 2 ; 0.5 1 2 0.5 0.5",
        "pad(0, 0, axis: 1) ; 1 2 ; 1 2",
        // Half pixels: the outer quarters repeat the ends.
        "upsample(1x2, bilinear) ; 1 2 ; 1 1.25 1.75 2", "upsample(1x2) ; 1 2 ; 1 1 2 2",
        "upsample(2x1, bilinear) |> slice(1, 2, axis: 0) ; 1 2 ; 1 2",
        "reduce(mean, [1]) |> reshape([1, 1, 1]) ; 1 2 6 ; 3", "reduce(sum, [2, 1]) |> reshape([1, 1, 1]) ; 1 2 6 ; 9",
        "reduce(max, [0, 2]) |> reshape([1, 3, 1]) ; 1 -2 6 ; 1 -2 6",
        "reduce(max, [0, 1, 2]) |> reshape([1, 1, 1]) ; 1 -2 6 ; 6"})
    void valuesByHand(String step, String input, String expected) {
        float[] x = numbers(input);
        float[] y = numbers(expected);
        var graph = TernModels.bound("pool.tern", "model Pool(x: f32[1, " + x.length + ", 1]) -> (y: f32[1, "
                + y.length + ", 1]) {\n    y = x |> " + step + "\n}\n", 1);
        assertThat(GraphInterpreter.run(graph, List.of(new Tensor.Floats(Shape.of(1, x.length, 1), x))))
                .containsExactly(new Tensor.Floats(Shape.of(1, y.length, 1), y));
    }

    private static float[] numbers(String text) {
        String[] words = text.strip().split(" ");
        float[] numbers = new float[words.length];
        for (int i = 0; i < words.length; i++) {
            numbers[i] = Float.parseFloat(words[i]);
        }
        return numbers;
    }
}
