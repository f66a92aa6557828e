package dev.tern.quantizer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.quantizer.FloatTwin;
import dev.tern.quantizer.network.TrainedLayer.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every op of the language can be trained: the gradient of its float twin is the slope, and the network computes what
 * the interpreter computes, bit for bit where it is quantized.
 */
class LanguageGradientTest {
    private static final int BATCH = 3;
    private static final float STEP = 1f / 256;
    /** Sums of float products are added in another order. */
    private static final float ROUNDING = 1e-4f;
    private static final String FLOAT = "weights: float, activations: float";
    /** Not compiled at all, or made when a trained network is converted to integers alone. */
    private static final Set<String> NOT_TRAINED = Set.of("attention", "requantize", "qadd", "qsub", "qmul", "qtable");

    @Test
    void everyOpOfTheLanguageIsHere() {
        assertThat(Catalogue.names()).allMatch(op -> NOT_TRAINED.contains(op) || OpTexts.BY_OP.containsKey(op));
    }

    static Stream<String> expressions() {
        return OpTexts.BY_OP.values().stream().flatMap(List::stream);
    }

    static Stream<Arguments> quantized() {
        return Stream.of("weights: ternary(twn), activations: dynamic(4)",
                "weights: binary, activations: sign", "weights: ternary(ttq, 0.1), activations: static(4, calibrated)")
                .flatMap(schemes -> expressions().map(each -> Arguments.of(each, schemes)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("expressions")
    void theGradientOfTheFloatTwinIsTheSlope(String expression) {
        Graph graph = FloatTwin.of(OpTexts.graph(expression, "weights: ternary(twn), activations: dynamic(4)"));
        Network network = filled(graph);
        float[] weights = new float[network.scores().value().length];
        fill(weights, -1, new SplittableRandom(5));

        network.forward(Mode.TRAINING);
        network.clearGradients();
        System.arraycopy(weights, 0, network.scores().gradient(), 0, weights.length);
        network.backward();

        assertThat(network.parameters().getFirst().signal().gradient()).as("what comes back to the input")
                .satisfies(gradient -> assertThat(gradient.length).isPositive());
        for (TrainedParameter parameter : network.parameters()) {
            float[] gradient = parameter.signal().gradient().clone();
            for (int i = 0; i < gradient.length; i++) {
                checkSlope(gradient[i], network, parameter, i, weights);
            }
        }
    }

    /** At a kink the gradient may be either side's slope. */
    private static void checkSlope(float gradient, Network network, TrainedParameter parameter, int index,
            float[] weights) {
        float[] values = parameter.signal().value();
        float here = values[index];
        double middle = weighted(network, weights);
        values[index] = here + STEP;
        double above = (weighted(network, weights) - middle) / STEP;
        values[index] = here - STEP;
        double below = (middle - weighted(network, weights)) / STEP;
        values[index] = here;
        double tolerance = 0.01 + 0.01 * Math.abs(gradient);
        assertThat((double) gradient).as("%s[%d]", parameter.path(), index).isBetween(
                Math.min(above, below) - tolerance, Math.max(above, below) + tolerance);
    }

    private static double weighted(Network network, float[] weights) {
        network.forward(Mode.TRAINING);
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += (double) weights[i] * network.scores().value()[i];
        }
        return sum;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("expressions")
    void theFloatNetworkComputesWhatTheInterpreterDoes(String expression) {
        agree(OpTexts.graph(expression, FLOAT), ROUNDING);
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("quantized")
    void theQuantizedNetworkComputesWhatTheInterpreterDoes(String expression, String schemes) {
        Graph graph = OpTexts.graph(expression, schemes);
        agree(graph, 0);
        agree(FloatTwin.of(graph), ROUNDING);
    }

    @Test
    void inputsOfCodesStandForTheirReals() {
        for (String input : List.of("u8", "i8")) {
            Graph graph = OpTexts.analyzed("""
                    model Stored(x: %s[5, 4, 4]) -> (y: f32[3]) {
                        default weights: ternary(twn), activations: dynamic(4)
                        a = x |> conv(4, 3x3, activations: static(8, -0.5..1)) |> relu
                        b = x |> maxpool(2x2) |> conv(4, 2x2, stride: 2, activations: static(8, -0.5..1))
                        y = concat(a |> avgpool, b |> flatten) |> dense(3)
                    }
                    """.formatted(input));
            agree(graph, 0);
            agree(FloatTwin.of(graph), ROUNDING);
        }
    }

    @Test
    void theFloatTwinOfAnInputOfCodesReadsItsReals() {
        Graph twin = FloatTwin.of(OpTexts.analyzed("""
                model Stored(x: u8[2]) -> (y: f32[1]) {
                    y = x |> dense(1, weights: int(8), activations: static(8, -1..1))
                }
                """));
        Network network = NetworkBuilder.build(twin, 1, 1);
        network.parameters().getFirst().signal().value()[0] = 2;
        network.parameters().getFirst().signal().value()[1] = 3;
        network.input().value()[0] = 255;
        network.input().value()[1] = 0;
        network.forward(Mode.EVALUATION);
        // Codes 0..255 stand for -1..1 about the zero point 127: 128 and -127 steps of 2/255.
        assertThat(network.output().value()[0]).isCloseTo((2 * 128 - 3 * 127) * 2f / 255, within(1e-5f));
    }

    private static void agree(Graph graph, float tolerance) {
        Network network = filled(graph);
        if (graph.nodes().stream().anyMatch(node -> node.operation().toString().contains(".range"))) {
            network.forward(Mode.TRAINING);
        }
        network.forward(Mode.EVALUATION);
        Graph bound = InterpreterAgreementTest.bind(graph, network);
        int outputs = network.output().shape().elements();
        for (int n = 0; n < BATCH; n++) {
            List<Tensor> inputs = new ArrayList<>();
            for (int i = 0; i < graph.inputs().size(); i++) {
                inputs.add(input(graph.definitions().get(graph.inputs().get(i)).type(), network.inputs().get(i), n));
            }
            Tensor expected = GraphInterpreter.run(bound, inputs).getFirst();
            float[] actual = Arrays.copyOfRange(network.output().value(), n * outputs, (n + 1) * outputs);
            if (expected instanceof Tensor.Floats(var shape, float[] values)) {
                assertThat(actual).as("%s, example %d", shape, n).containsExactly(values, within(tolerance));
            }
        }
    }

    private static Tensor input(TensorType type, Signal signal, int n) {
        Shape shape = type.shape();
        float[] values = Arrays.copyOfRange(signal.value(), n * shape.elements(), (n + 1) * shape.elements());
        if (type.element() instanceof ElementType.F32) {
            return new Tensor.Floats(shape, values);
        }
        int[] codes = new int[values.length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (int) values[i];
        }
        return new Tensor.Integers(shape, codes);
    }

    private static Network filled(Graph graph) {
        SplittableRandom random = new SplittableRandom(3);
        Network network = NetworkBuilder.build(graph, BATCH, 1);
        for (TrainedParameter parameter : network.parameters()) {
            if (!parameter.path().endsWith(".range")) {
                fill(parameter.signal().value(), parameter.path().endsWith("variance") ? 0.5 : -1, random);
            }
        }
        for (int i = 0; i < graph.inputs().size(); i++) {
            float[] values = network.inputs().get(i).value();
            switch (graph.definitions().get(graph.inputs().get(i)).type().element()) {
                case ElementType.F32 _ -> fill(values, -1, random);
                case ElementType.StepIndex(int count) -> {
                    for (int n = 0; n < values.length; n++) {
                        values[n] = random.nextInt(count);
                    }
                }
                case ElementType.Code code -> {
                    for (int n = 0; n < values.length; n++) {
                        values[n] = random.nextInt(code.lowest(), code.highest() + 1);
                    }
                }
                case ElementType.Accumulator _ -> throw new IllegalStateException("no input is an accumulator");
            }
        }
        return network;
    }

    private static void fill(float[] values, double lowest, SplittableRandom random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(lowest, 1);
        }
    }
}
