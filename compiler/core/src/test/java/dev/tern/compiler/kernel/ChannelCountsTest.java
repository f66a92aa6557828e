package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.model.ClassResults;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows of as many channels as vectors hold, of fewer and of some more: what is left of whole vectors goes through
 * narrower ones, few channels through four rows at a time, and depthwise sums through the epilogue as they are made.
 */
class ChannelCountsTest {
    /**
     * Depthwise to packed bits, to codes, to f32 that is measured, of f32, to codes by integers, and few channels of
     * one bit.
     */
    private static final List<String> LAYERS = List.of(
            "depthwise(3x3, weights: binary, activations: sign) |> batchnorm"
                    + " |> conv(CHANNELS, 3x3, weights: binary, activations: sign) |> batchnorm",
            "depthwise(3x3, weights: int(8), activations: static(8, -4..4)) |> batchnorm |> relu"
                    + " |> conv(3, 1x1, weights: int(8), activations: static(8, 0..4))",
            "depthwise(3x3, stride: 2, weights: ternary(twn), activations: dynamic(4)) |> batchnorm |> relu"
                    + " |> conv(CHANNELS, 1x1, weights: ternary(twn), activations: dynamic(4)) |> relu",
            "depthwise(5x3, weights: float, activations: float, bias: true) |> relu",
            "depthwise(3x3, weights: int(8), activations: static(8, scale: 0.05)) |> requantize(static(8, scale: 0.3))"
                    + " |> conv(3, 1x1, weights: int(8), activations: static(8, scale: 0.3))",
            "depthwise(1x3, weights: ternary(twn), activations: static(4, scale: 0.2))"
                    + " |> requantize(static(8, scale: 0.3))"
                    + " |> conv(3, 1x1, weights: int(8), activations: static(8, scale: 0.3))",
            "conv(CHANNELS, 3x3, weights: binary, activations: sign) |> batchnorm |> quantize(static(3, -2..2))"
                    + " |> conv(CHANNELS, 3x3, weights: binary, activations: static(3, -2..2))");

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 12, 20, 40, 64})
    void everyCountGivesTheSameBits(int channels) {
        for (String layers : LAYERS) {
            Graph graph = graph(layers, channels);
            List<Tensor> inputs = KernelModels.inputs(graph, new Random(channels));
            List<Tensor> expected = GraphInterpreter.run(graph, inputs);
            for (int bits : new int[]{128, 256, 512}) {
                assertThat(ClassResults.run(program(graph, Target.vector(bits)), inputs)).as(layers + " by " + bits)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void fewChannelsAreTakenFourRowsAtATime() {
        CostModel.Choice together = (layer, shape, candidates) -> candidates.stream().map(CostModel.Candidate::schedule)
                .filter(schedule -> schedule.toString().contains("4 rows together")).findFirst()
                .orElse(candidates.getFirst().schedule());
        assertThat(KernelPrinter.print(program(graph(LAYERS.getFirst(), 16), Target.vector(512), together)))
                .contains("panels of 2 vectors, 1 line at a time, 4 rows together");
    }

    @Test
    void fewChannelsTakeANarrowVector() {
        assertThat(KernelPrinter.print(program(graph(LAYERS.get(1), 8), Target.vector(512))))
                .contains("in 8 groups, lanes 8");
        assertThat(KernelPrinter.print(program(graph(LAYERS.get(1), 12), Target.vector(512))))
                .contains("x 12 of 16 in 12 groups, lanes 16");
    }

    private static Graph graph(String layers, int channels) {
        return TernModels.bound("m.tern", "model M(x: f32[6, 11, " + channels
                + "]) -> (y: f32[_, _, _]) {\n    y = x |> "
                + layers.replace("CHANNELS", "" + channels) + "\n}\n", channels);
    }

    private static KernelProgram program(Graph graph, Target target) {
        return program(graph, target, CostModel.Choice.CHEAPEST);
    }

    private static KernelProgram program(Graph graph, Target target, CostModel.Choice choice) {
        Graph optimized = GraphPasses.standard().run(graph, new Diagnostics(), (_, _, _) -> {
        });
        return KernelPasses.standard(choice).run(Lower.lower(optimized, target), new Diagnostics(),
                (_, _, _) -> {
                });
    }
}
