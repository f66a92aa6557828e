package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.kernel.Producer.TileProduct;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tiles in lanes of 16 bits and in bytes give the oracle's bits, up to the greatest sums that such a lane holds; those
 * of int8 in f32 up to 2^24.
 */
class NarrowTilesTest {
    private interface ElementOf {
        float of(int index, int elements);
    }

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
                "weights: int(3), activations: static(5, -1..1)", "weights: binary, activations: dynamic(4, absmax)",
                "weights: int(2), activations: dynamic(3)", "weights: int(4), activations: static(2, -1..2)")) {
            Graph graph = TernModels.bound("piece.tern", """
                    model Piece(x: %s) -> (y: %s) {
                        parameters "piece.safetensors"
                        y = x |> %s, %s)
                    }
                    """.formatted(parts[0], parts[2], parts[1].substring(0, parts[1].length() - 1), scheme), 7);
            List<Tensor> inputs = KernelModels.inputs(graph, new Random(3));
            for (Target target : TARGETS) {
                for (Tiles tiles : List.of(new Tiles(1, 2, Lane.I16), new Tiles(3, 1, Lane.I16),
                        new Tiles(4, 2, Lane.I16), new Tiles(1, 1, Lane.I8), new Tiles(3, 1, Lane.I8),
                        new Tiles(5, Math.min(2, 16 / target.lanes()), Lane.I8))) {
                    CostModel.Choice choice = (layer, shape, candidates) -> tiles.lane() == Lane.I8
                            && shape.productsInBytes() == 0 ? candidates.getFirst().schedule() : tiles;
                    Scheduled.check(graph, target, choice, inputs);
                }
            }
        }
    }

    /**
     * Every product has the greatest magnitude, and all one sign: no more steps fit a lane, nor passes in shorts. Bytes
     * hold sums of codes less 8, or 7, of which the other end of the range gives the greatest.
     */
    @ParameterizedTest
    @CsvSource({"I16, 8, 0..1, 1", "I8, 4, 0..1, 1", "I8, 4, 0..1, -1", "I16, 8, -1..0, 1", "I8, 4, -1..0, 1"})
    void theGreatestSumsFit(Lane lane, int bits, String range, int weight) {
        Graph graph = filled(TernModels.unbound("piece.tern", """
                model Piece(x: f32[4501]) -> (y: f32[37]) {
                    parameters "piece.safetensors"
                    y = x |> dense(37, bias: false, weights: binary, activations: static(%d, %s))
                }
                """.formatted(bits, range)), weight);
        float[] values = new float[4501];
        Arrays.fill(values, range.startsWith("0") ? 1 : -1);
        int greatest = (1 << bits) - 1;
        int sum = (range.startsWith("0") ? 1 : -1) * weight * 4501 * greatest;
        for (Target target : TARGETS) {
            CostModel.Choice tiles = (_, _, _) -> new Tiles(1, 1, lane);
            Scheduled.check(graph, target, tiles, List.of(Tensor.of(new float[4501])));
            KernelProgram program = Scheduled.check(graph, target, tiles, List.of(Tensor.of(values)));
            assertThat(program.kernels()).filteredOn(kernel -> kernel instanceof Kernel.PixelKernel pixel
                    && pixel.producer() instanceof TileProduct).singleElement().satisfies(kernel -> {
                        TileProduct product = (TileProduct) ((Kernel.PixelKernel) kernel).producer();
                        assertThat(product.lane()).isEqualTo(lane);
                        assertThat(product.steps()).isEqualTo(lane == Lane.I16 ? 2251 : 4501);
                        assertThat(product.exact()).isEqualTo(lane == Lane.I16 ? 128 : 15);
                    });
            Tensor.Floats y = (Tensor.Floats) GraphInterpreter.run(graph, List.of(Tensor.of(values))).getFirst();
            assertThat(y.values()).containsOnly(1f / greatest * sum);
        }
    }

    /** How many steps are exact in f32 depends on the weights: 4501 of 127 by 255 have a sum above 2^24, of 1 not. */
    @ParameterizedTest
    @CsvSource({"1, 518", "0.0078740157, 4501", "0.25, 1501"})
    void magnitudesOfWeightsSayHowManyStepsAreExact(float others, int exact) {
        Graph graph = graphOf(TernModels.unbound("piece.tern", """
                model Piece(x: f32[4501]) -> (y: f32[37]) {
                    parameters "piece.safetensors"
                    y = x |> dense(37, bias: false, weights: int(8), activations: static(8, 0..1))
                }
                """), (i, elements) -> i % (elements / 37) == 0 ? 1 : others);
        float[] values = new float[4501];
        Arrays.fill(values, 1);
        for (Target target : TARGETS) {
            for (int vectors : new int[]{1, 2}) {
                KernelProgram program = Scheduled.check(graph, target, (_, _, _) -> new Tiles(1, vectors), List.of(
                        Tensor.of(values)));
                assertThat(program.kernels()).filteredOn(kernel -> kernel instanceof Kernel.PixelKernel pixel
                        && pixel.producer() instanceof TileProduct).singleElement().satisfies(kernel -> assertThat(
                                ((TileProduct) ((Kernel.PixelKernel) kernel).producer()).exact()).isEqualTo(exact));
            }
        }
    }

    /** The graph with every parameter filled with a number. */
    private static Graph filled(Graph graph, float number) {
        return graphOf(graph, (i, elements) -> number);
    }

    /** The graph with the elements of parameters, of an index and of how many there are. */
    private static Graph graphOf(Graph graph, ElementOf element) {
        return graph.withNodes(graph.nodes().stream().map(node -> {
            if (!(node.operation() instanceof Operation.Parameter)) {
                return node;
            }
            float[] values = new float[node.type().shape().elements()];
            for (int i = 0; i < values.length; i++) {
                values[i] = element.of(i, values.length);
            }
            return new Node(node.id(), node.type(), new Operation.Constant(new Tensor.Floats(node.type().shape(),
                    values)), node.origin());
        }).toList());
    }
}
