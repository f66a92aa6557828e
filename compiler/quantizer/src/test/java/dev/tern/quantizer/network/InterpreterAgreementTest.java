package dev.tern.quantizer.network;

import static dev.tern.quantizer.GraphSketch.BINARY;
import static dev.tern.quantizer.GraphSketch.BYTES;
import static dev.tern.quantizer.GraphSketch.FLOAT;
import static dev.tern.quantizer.GraphSketch.FLOATING;
import static dev.tern.quantizer.GraphSketch.SIGN;
import static dev.tern.quantizer.GraphSketch.TWN;
import static dev.tern.quantizer.GraphSketch.dynamic;
import static dev.tern.quantizer.GraphSketch.fixed;
import static dev.tern.quantizer.GraphSketch.unsigned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.WeightScheme.TernaryRule;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.quantizer.FloatTwin;
import dev.tern.quantizer.GraphSketch;
import dev.tern.quantizer.network.TrainedLayer.Mode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The network that is trained computes what the interpreter, which defines the model, computes. */
class InterpreterAgreementTest {
    private static final int BATCH = 3;
    private static final Grid ABSMAX = new Grid(new ElementType.Code(4, true), Grid.Rule.ABSMAX);

    private static Named<Graph> sketch(String name, Function<GraphSketch, ValueId> model) {
        GraphSketch sketch = new GraphSketch();
        return Named.of(name, sketch.graph(model.apply(sketch)));
    }

    private static ValueId conv(GraphSketch g, ValueId codes, Geometry geometry, Padding padding, int... weights) {
        ValueId w = g.parameter("weight", weights);
        Operation operation = new Operation.Conv(codes, Optional.empty(), w, geometry, 1, padding);
        return g.flatten(g.add(operation));
    }

    private static WeightScheme ternary(TernaryRule rule, ScaleGranularity scale) {
        return new WeightScheme.Ternary(rule, scale);
    }

    static Stream<Named<Graph>> models() {
        return Stream.of(Named.of("Digits", GraphSketch.digits()),
                Named.of("the float twin of Digits", FloatTwin.of(GraphSketch.digits())),
                Named.of("TinyMlp", GraphSketch.tinyMlp()),
                Named.of("the float twin of TinyMlp", FloatTwin.of(GraphSketch.tinyMlp())),
                sketch("strided and dilated", g -> conv(g, g.input(9, 8, 2),
                        new Geometry(3, 2, 2, 1, 1, 3, 1, 2, 0, 1), Padding.ZERO, 4, 3, 2, 2)),
                sketch("padding of +1", g -> conv(g, SIGN.quantize(g, g.input(9, 8, 2)).codes(),
                        new Geometry(3, 3, 1, 1, 1, 1, 1, 1, 1, 1), Padding.PLUS_ONE, 4, 3, 3, 2)),
                sketch("padding of -1", g -> conv(g, SIGN.quantize(g, g.input(9, 8, 2)).codes(),
                        new Geometry(3, 3, 1, 1, 1, 1, 1, 1, 1, 1), Padding.MINUS_ONE, 4, 3, 3, 2)),
                sketch("many channels, padding of +1", g -> conv(g, SIGN.quantize(g, g.input(9, 8, 10)).codes(),
                        new Geometry(3, 3, 1, 1, 1, 1, 1, 1, 1, 1), Padding.PLUS_ONE, 4, 3, 3, 10)),
                sketch("many channels, uneven padding", g -> conv(g, SIGN.quantize(g, g.input(9, 8, 10)).codes(),
                        new Geometry(4, 2, 1, 1, 2, 1, 3, 0, 0, 1), Padding.ZERO, 4, 4, 2, 10)),
                sketch("many channels, more out than in", g -> conv(g, SIGN.quantize(g, g.input(3, 4, 10)).codes(),
                        new Geometry(2, 3, 1, 1, 1, 1, 1, 2, 1, 2), Padding.MINUS_ONE, 4, 2, 3, 10)),
                sketch("depthwise", g -> g.flatten(g.conv("a", g.input(6, 5, 4), 4, 3, 4, BYTES,
                        dynamic(ABSMAX, false)))),
                sketch("groups", g -> g.flatten(g.conv("a", g.input(6, 5, 4), 6, 3, 2, TWN,
                        dynamic(unsigned(4), false)))),
                sketch("a scale per row", g -> g.flatten(g.dense("a", g.input(4, 6), 5, BYTES,
                        dynamic(unsigned(3), true)))),
                sketch("absmean", g -> g.dense("a", g.input(20), 5, ternary(new TernaryRule.AbsMean(),
                        ScaleGranularity.TENSOR), dynamic(ABSMAX, false))),
                sketch("a ternary threshold per tensor", g -> g.dense("a", g.input(20), 5,
                        ternary(new TernaryRule.Threshold(0.3f), ScaleGranularity.TENSOR), FLOAT)),
                sketch("ternary activations", g -> g.dense("a", g.add(new Operation.Ternarize(g.input(20), 0.4f)), 5,
                        BINARY, FLOAT)),
                sketch("unscaled binary", g -> g.dense("a", g.input(20), 5,
                        new WeightScheme.Binary(ScaleGranularity.NONE), SIGN)),
                sketch("avgpool", g -> g.flatten(g.avgpool(g.input(5, 4, 3)))),
                sketch("float conv of static codes", g -> g.flatten(g.conv("a", g.input(6, 5, 2), 3, 3, 1, FLOATING,
                        fixed(unsigned(5), -0.5f, 0.75f)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void outputsAgree(Graph graph) {
        SplittableRandom random = new SplittableRandom(3);
        Network network = NetworkBuilder.build(graph, BATCH, 1);
        for (TrainedParameter parameter : network.parameters()) {
            boolean variance = parameter.path().endsWith("variance");
            fill(parameter.signal().value(), variance ? 0.5 : -1, random);
        }
        fill(network.input().value(), -1, random);

        network.forward(Mode.EVALUATION);

        Graph bound = bind(graph, network);
        Shape shape = network.input().shape();
        int outputs = network.output().shape().elements();
        for (int n = 0; n < BATCH; n++) {
            float[] input = Arrays.copyOfRange(network.input().value(), n * shape.elements(),
                    (n + 1) * shape.elements());
            Tensor expected = GraphInterpreter.run(bound, List.of(new Tensor.Floats(shape, input))).getFirst();
            float[] actual = Arrays.copyOfRange(network.output().value(), n * outputs, (n + 1) * outputs);
            assertThat(actual).containsExactly(((Tensor.Floats) expected).values(), within(2e-3f));
        }
    }

    private static void fill(float[] values, double lowest, SplittableRandom random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(lowest, 1);
        }
    }

    static Graph bind(Graph graph, Network network) {
        Map<String, Signal> parameters = network.parameters().stream()
                .collect(Collectors.toMap(TrainedParameter::path, TrainedParameter::signal));
        return graph.withNodes(graph.nodes().stream().map(node -> {
            if (!(node.operation() instanceof Operation.Parameter(String path, var _))) {
                return node;
            }
            Tensor values = new Tensor.Floats(node.type().shape(), parameters.get(path).value());
            return new Node(node.id(), node.type(), new Operation.Constant(values), node.origin());
        }).toList());
    }
}
