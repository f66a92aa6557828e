package dev.tern.compiler.graph.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.HostTarget;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.testing.RandomModels;
import dev.tern.compiler.testing.RandomTensors;
import dev.tern.compiler.testing.TernModels;
import dev.tern.compiler.verification.Verification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequantizeByIntegersTest {
    private static final String CHAIN = """
            model Piece(x: u8[6, 6, 3]) -> (scores: f32[4]) {
                default weights: int(8), activations: static(8, 0..4)
                h = x |> conv(8, 3x3) |> batchnorm |> relu |> maxpool(2x2)
                g = h |> conv(8, 3x3) |> batchnorm |> relu
                scores = g |> flatten |> dense(4)
            }
            """;

    private static Graph optimized(String text, long seed) {
        return GraphPasses.standard().run(TernModels.bound("piece.tern", text, seed), new Diagnostics(),
                PassObserver.none());
    }

    private static Graph converted(Graph graph) {
        return GraphConversions.integersAlone().run(graph, new Diagnostics(), PassObserver.none());
    }

    private static long count(Graph graph, Class<? extends Operation> kind) {
        return graph.nodes().stream().map(Node::operation).filter(kind::isInstance).count();
    }

    @Test
    void nothingIsRealBetweenTheCodesOfStaticLayers() {
        Graph before = optimized(CHAIN, 5);
        Graph after = converted(before);
        assertThat(count(before, Operation.Quantize.class)).isEqualTo(2);
        assertThat(count(after, Operation.Quantize.class)).isZero();
        assertThat(count(after, Operation.Requantize.class)).isEqualTo(2);
        assertThat(count(after, Operation.Affine.class)).isZero();
        // The output's alone.
        assertThat(count(after, Operation.Rescale.class)).isEqualTo(1);
    }

    /** Channels of every kind: gammas that are positive, negative and 0. */
    @Test
    void codesOfTheFirstLayerAreAtMostOneApart() {
        int[] apart = new int[2];
        for (long seed = 0; seed < 20; seed++) {
            Graph before = optimized(CHAIN, seed);
            Graph after = converted(before);
            ValueId codes = after.nodes().stream().filter(node -> node.operation() instanceof Operation.Requantize)
                    .findFirst().orElseThrow().id();
            for (List<Tensor> inputs : List.of(new RandomTensors(new Random(seed)).inputs(before))) {
                int[] exact = values(before, inputs).get(codes);
                int[] integers = values(after, inputs).get(codes);
                for (int i = 0; i < exact.length; i++) {
                    assertThat(Math.abs(exact[i] - integers[i])).isLessThanOrEqualTo(1);
                    apart[exact[i] == integers[i] ? 0 : 1]++;
                }
            }
        }
        assertThat(apart[0]).isGreaterThan(50 * apart[1]);
    }

    private static Map<ValueId, int[]> values(Graph graph, List<Tensor> inputs) {
        Map<ValueId, int[]> values = new HashMap<>();
        GraphInterpreter.run(graph, inputs, (node, tensor) -> {
            if (tensor instanceof Tensor.Integers integers) {
                values.put(node.id(), integers.values());
            }
        });
        return values;
    }

    /**
     * By hand: s_x = 1/2, s_w = 1/4, a = -3, b = 5, s = 1/8, weight 2. The factor is -3/4 * 1/2 / (1/8) = -3, the bias
     * 5 / (-3/8) = -13.33, so -13. Of code 4 the accumulator is 8 and the code (8 - 13) * -3 = 15; exactly, 8 * (-3 *
     * (8 / 8) + 5) = 16.
     */
    @Test
    void numbersByHand() {
        Graph graph = oneChannel(-3, 5, 2, 127);
        Graph after = converted(graph);
        assertThat(GraphInterpreter.run(after, input(4))).isEqualTo(List.of(codes(15)));
        assertThat(GraphInterpreter.run(graph, input(4))).isEqualTo(List.of(codes(16)));
    }

    /** A gamma of 0: the code is that of the shift alone, 8 * 5 = 40. */
    @Test
    void aFactorOfZero() {
        Graph after = converted(oneChannel(0, 5, 2, 127));
        assertThat(count(after, Operation.Requantize.class)).isEqualTo(1);
        assertThat(GraphInterpreter.run(after, input(4))).isEqualTo(List.of(codes(40)));
    }

    @Test
    void whatNoWholeNumberHoldsStays() {
        assertThat(count(converted(oneChannel(-3, 5, -128, 127)), Operation.Requantize.class)).isEqualTo(1);
        assertThat(count(converted(oneChannel(3, 5, -128, 127)), Operation.Requantize.class)).isEqualTo(1);
        assertThat(count(converted(oneChannel(3, 1e9f, 2, 127)), Operation.Requantize.class)).isZero();
    }

    /** One quantizer reads a sum of two branches, another one of them, and a dense layer the mean of what both make. */
    private static final String BRANCHES = """
            model Piece(x: u8[6, 6, 3]) -> (scores: f32[4]) {
                default weights: int(8), activations: static(8, 0..4)
                h = x |> conv(8, 3x3) |> batchnorm |> relu |> quantize(static(8, 0..4))
                a = h |> conv(8, 3x3) |> batchnorm
                b = h |> conv(8, 1x1, bias: true)
                s = relu(a + b) |> conv(8, 3x3) |> batchnorm
                t = relu(s + h) |> quantize(static(8, 0..6))
                u = a |> relu6 |> conv(8, 3x3)
                scores = t + u * 0.5 |> clip(-1..5) |> avgpool |> dense(4)
            }
            """;

    @Test
    void sumsAndMeansOfBranchesAreIntegers() {
        int[] apart = new int[3];
        for (long seed = 0; seed < 10; seed++) {
            Graph before = optimized(BRANCHES, seed);
            Graph after = converted(before);
            assertThat(count(after, Operation.Quantize.class)).isZero();
            assertThat(count(after, Operation.Elementwise.class)).isZero();
            assertThat(count(after, Operation.AvgPool.class)).isZero();
            assertThat(count(after, Operation.SumPool.class)).isEqualTo(1);
            List<Tensor> inputs = new RandomTensors(new Random(seed)).inputs(before);
            Map<ValueId, int[]> exact = values(before, inputs);
            Map<ValueId, int[]> integers = values(after, inputs);
            for (Node node : after.nodes()) {
                if (node.operation() instanceof Operation.Requantize) {
                    int[] codes = exact.get(node.id());
                    for (int i = 0; i < codes.length; i++) {
                        apart[Math.min(2, Math.abs(codes[i] - integers.get(node.id())[i]))]++;
                    }
                }
            }
        }
        // Codes that differ by one make others differ.
        assertThat(apart[0]).isGreaterThan(20 * (apart[1] + apart[2]));
        assertThat(apart[0]).isGreaterThan(500 * apart[2]);
    }

    @Test
    void everyTargetGivesTheBitsOfTheConvertedGraph() {
        for (long seed = 0; seed < 12; seed++) {
            Graph graph = converted(seed < 3
                    ? optimized(BRANCHES, seed)
                    : GraphPasses.standard().run(RandomModels.model(seed), new Diagnostics(), PassObserver.none()));
            RandomTensors tensors = new RandomTensors(new Random(seed));
            Verification verification = Verification.of(graph, List.of(tensors.inputs(graph), tensors.inputs(graph)),
                    GraphPasses.standard(), _ -> KernelPasses.standard(CostModel.Choice.CHEAPEST),
                    HostTarget.verifiable());
            assertThat(verification.difference()).as("model %d", seed).isEmpty();
            assertThat(verification.leftOut()).isEmpty();
        }
    }

    /** The budget has the mean's integers summed where they are made, in vectors as well. */
    @Test
    void sumsWithinABudget() {
        Graph graph = converted(optimized("""
                model Piece(x: u8[12, 12, 3]) -> (scores: f32[4]) {
                    default weights: int(8), activations: static(8, 0..4)
                    budget ram: 36000 B
                    h = x |> conv(32, 3x3) |> batchnorm |> relu |> quantize(static(8, 0..4))
                    a = h |> conv(32, 3x3) |> batchnorm
                    scores = relu(a + h) |> clip(-1..5) |> avgpool |> dense(4)
                }
                """, 1));
        Verification verification = Verification.of(graph, List.of(new RandomTensors(new Random(1)).inputs(graph)),
                GraphPasses.standard(), _ -> KernelPasses.standard(CostModel.Choice.CHEAPEST),
                HostTarget.verifiable());
        assertThat(verification.difference()).isEmpty();
        assertThat(verification.checkpoints()).anyMatch(point -> point.pass().equals("FuseGlobalAverage"));
    }

    private static List<Tensor> input(int code) {
        return List.of(codes(code));
    }

    private static Tensor codes(int code) {
        return new Tensor.Integers(Shape.of(1), new int[]{code});
    }

    private static Graph oneChannel(float a, float b, int weight, int highest) {
        GraphBuilder builder = new GraphBuilder("Piece", "piece.tern",
                new Origin("d", new FilePosition("x", -1, "")));
        ElementType.Code s8 = new ElementType.Code(8, true);
        ValueId x = builder.input("x", new TensorType(s8, Shape.of(1)));
        ValueId weights = builder.add(new Operation.Constant(new Tensor.Integers(Shape.of(1, 1), new int[]{weight})),
                new TensorType(s8, Shape.of(1, 1)));
        ValueId sum = builder.add(new Operation.Dense(x, Optional.empty(), weights));
        ValueId real = builder.add(new Operation.Rescale(sum,
                Optional.of(builder.add(new Operation.Constant(Tensor.scalar(0.5f)))),
                Optional.of(builder.add(new Operation.Constant(Tensor.of(0.25f))))));
        ValueId affine = builder.add(new Operation.Affine(real, builder.add(new Operation.Constant(Tensor.of(a))),
                builder.add(new Operation.Constant(Tensor.of(b)))));
        ValueId quantized = builder.add(new Operation.Quantize(affine,
                builder.add(new Operation.Constant(Tensor.scalar(0.125f))), Optional.empty(),
                new Grid(s8, Grid.Rule.ABSMAX, s8.lowest(), highest)));
        builder.output("y", quantized, List.of());
        return builder.build();
    }
}
