package dev.tern.quantizer.network;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Builds the differentiable network of a model graph whose parameters are not bound.
 *
 * <p>Where the graph computes with codes and rescales the sum, the network computes with the reals that the codes stand
 * for: a scale is multiplied at the quantizer, and {@link Operation.Rescale} and {@link Operation.Dequantize} are no
 * layers.
 */
public final class NetworkBuilder {
    /** What is kept of batch normalization's running averages at each batch. */
    private static final float STATISTICS_MOMENTUM = 0.9f;

    private final Graph graph;
    private final int batch;
    private final long seed;
    private final ActivationQuantizers quantizers;
    private final Map<ValueId, ParameterRole> roles;
    private final Map<ValueId, Signal> signals = new HashMap<>();
    private final List<TrainedLayer> layers = new ArrayList<>();
    private final List<Signal> owned = new ArrayList<>();
    private final List<TrainedParameter> parameters = new ArrayList<>();
    private final List<RunningStatistics> statistics = new ArrayList<>();
    private final Diagnostics diagnostics = new Diagnostics();

    private NetworkBuilder(Graph graph, int batch, long seed) {
        this.graph = graph;
        this.batch = batch;
        this.seed = seed;
        this.quantizers = new ActivationQuantizers(graph.definitions());
        this.roles = ParameterRole.of(graph);
    }

    /**
     * The network of a graph, for batches of {@code batch} examples. How a parameter starts follows from the seed and
     * its path, whatever stands before it in the graph.
     *
     * @throws dev.tern.compiler.diagnostics.CompilationFailedException naming every operation that cannot be trained
     */
    public static Network build(Graph graph, int batch, long seed) {
        return new NetworkBuilder(graph, batch, seed).build();
    }

    private Network build() {
        Node output = graph.definitions().get(graph.outputs().getFirst().value());
        if (graph.inputs().size() != 1 || graph.outputs().size() != 1 || output.type().shape().rank() != 1) {
            report(output, "a model other than a classifier: one input, one vector of scores");
        }
        for (Node node : graph.nodes()) {
            if (signals.keySet().containsAll(reals(node.operation()))) {
                add(node);
            }
        }
        diagnostics.throwIfErrors();
        return new Network(signals.get(graph.inputs().getFirst()), signals.get(output.id()), layers, owned, parameters,
                statistics);
    }

    /** The operands that carry signals; scales and zero points are read by {@link ActivationQuantizers} instead. */
    private static List<ValueId> reals(Operation operation) {
        return switch (operation) {
            case Operation.MeasureRange _ -> List.of();
            case Operation.RangeScale _ -> List.of();
            case Operation.RangeZero _ -> List.of();
            case Operation.WeightScale _ -> List.of();
            case Operation.Quantize quantize -> List.of(quantize.x());
            case Operation.Rescale rescale -> List.of(rescale.x());
            case Operation.Dequantize dequantize -> List.of(dequantize.codes());
            case Operation.Product product -> List.of(product.a(), product.weights());
            default -> operation.operands();
        };
    }

    private void add(Node node) {
        switch (node.operation()) {
            case Operation.Input _ -> addInput(node);
            case Operation.Parameter(String path, var _) -> addParameter(node, path);
            case Operation.Constant(Tensor.Floats floats) -> {
                Signal constant = own(node, Signal.constant(1, floats.shape()));
                System.arraycopy(floats.values(), 0, constant.value, 0, constant.size);
            }
            // Scales and zero points are read where they are used.
            case Operation.Constant(Tensor.Integers _) -> none();
            case Operation.MeasureRange _ -> none();
            case Operation.RangeScale _ -> none();
            case Operation.RangeZero _ -> none();
            case Operation.WeightScale _ -> none();
            case Operation.WeightCodes codes -> addWeights(node, codes);
            case Operation.Quantize quantize -> quantizers.of(quantize).ifPresentOrElse(
                    quantizer -> addQuantizer(node, quantize.x(), quantizer),
                    () -> report(node, "a scale that is neither static nor measured on the activations themselves"));
            case Operation.Sign(ValueId x) -> addQuantizer(node, x, new ActivationQuantizer.Sign());
            case Operation.Ternarize(ValueId x, float t) -> addQuantizer(node, x, new ActivationQuantizer.Ternary(t));
            case Operation.Dense(ValueId a, _, ValueId weights) ->
                layers.add(new Dense(signals.get(a), signals.get(weights), result(node, a, weights)));
            case Operation.Conv conv -> addConvolution(node, conv);
            case Operation.Rescale(ValueId x, _, _) -> signals.put(node.id(), signals.get(x));
            case Operation.Dequantize(ValueId codes, _, _) -> signals.put(node.id(), signals.get(codes));
            case Operation.BatchNorm norm -> addNormalization(node, norm);
            case Operation.Affine affine -> addAffine(node, affine);
            case Operation.Elementwise(BinaryFunction function, ValueId left, ValueId right) ->
                combine(node, function, signals.get(left), signals.get(right), result(node, left, right));
            case Operation.Activation(ElementFunction function, ValueId x) -> addActivation(node, function,
                    x);
            case Operation.Clip(ValueId x, float low, float high) ->
                layers.add(new Clip(signals.get(x), result(node, x), low, high));
            case Operation.MaxPool(ValueId x, Geometry geometry) ->
                layers.add(new MaxPool(signals.get(x), result(node, x), new Window(geometry, signals.get(x).shape)));
            case Operation.AvgPool(ValueId x, Geometry geometry) -> layers
                    .add(new AveragePool(signals.get(x), result(node, x), new Window(geometry, signals.get(x).shape)));
            case Operation.Reshape(ValueId x) -> layers.add(new Reshape(signals.get(x), result(node, x)));
            case Operation.Gather _ -> report(node, "gather");
            case Operation.RowStatistic _ -> report(node, "row statistics");
            case Operation.Composite composite -> report(node, composite.expansion().name());
            case Operation.Softmax(ValueId x) -> addSoftmax(node, x);
            case Operation.StepTable _ -> report(node, "a table by step");
            case Operation.Threshold _ -> report(node, "thresholds");
            case Operation.PRelu _ -> report(node, "prelu");
            case Operation.ArgMax _ -> report(node, "argmax");
            case Operation.Transpose _ -> report(node, "transpose");
            case Operation.Slice _ -> report(node, "slice");
            case Operation.Concat _ -> report(node, "concat");
            case Operation.NotLowered(String name, _, _) -> report(node, name);
        }
    }

    private void none() {
        // Nothing flows here.
    }

    private void addInput(Node node) {
        if (node.type().element() instanceof ElementType.F32) {
            own(node, Signal.constant(batch, node.type().shape()));
        } else {
            report(node, "a " + node.type().element() + " input; declared as f32 it takes the same parameters");
        }
    }

    private void addParameter(Node node, String path) {
        ParameterRole role = roles.getOrDefault(node.id(), new ParameterRole.Learned(0));
        TrainedParameter parameter = role.create(path, node.type().shape(), new SplittableRandom(seed + path.hashCode()));
        parameters.add(parameter);
        own(node, parameter.signal());
    }

    private void addWeights(Node node, Operation.WeightCodes codes) {
        if (codes.part() != Operation.Part.ALL) {
            report(node, "ternary(ttq) weights with two learned scales");
        } else {
            layers.add(new QuantizeWeights(signals.get(codes.weights()), result(node, codes.weights()),
                    codes.scheme()));
        }
    }

    private void addActivation(Node node, ElementFunction function, ValueId x) {
        if (function.equals(ElementFunction.RELU)) {
            layers.add(new Clip(signals.get(x), result(node, x), 0f, Float.POSITIVE_INFINITY));
        } else {
            report(node, function.name());
        }
    }

    /** The loss contains the softmax, so a network ends with what goes into it. */
    private void addSoftmax(Node node, ValueId x) {
        if (node.id().equals(graph.outputs().getFirst().value())) {
            signals.put(node.id(), signals.get(x));
        } else {
            report(node, "softmax other than at the output");
        }
    }

    private void addAffine(Node node, Operation.Affine affine) {
        Signal x = signals.get(affine.x());
        Signal scale = signals.get(affine.scale());
        Signal scaled = Signal.computedFrom(node.type().shape(), x, scale);
        owned.add(scaled);
        combine(node, BinaryFunction.MULTIPLY, x, scale, scaled);
        combine(node, BinaryFunction.ADD, scaled, signals.get(affine.shift()),
                result(node, affine.x(), affine.scale(), affine.shift()));
    }

    private void addQuantizer(Node node, ValueId x, ActivationQuantizer quantizer) {
        layers.add(new QuantizeActivations(signals.get(x), result(node, x), quantizer));
    }

    private void addConvolution(Node node, Operation.Conv conv) {
        Signal input = signals.get(conv.a());
        Signal weights = signals.get(conv.weights());
        Signal output = result(node, conv.a(), conv.weights());
        Window window = new Window(conv.geometry(), input.shape);
        float padding = switch (conv.padding()) {
            case ZERO -> 0f;
            case PLUS_ONE -> 1f;
            case MINUS_ONE -> -1f;
        };
        layers.add(conv.groups() == 1
                ? new Convolution(input, weights, output, window, padding)
                : new GroupedConvolution(input, weights, output, window, conv.groups(), padding));
    }

    private void addNormalization(Node node, Operation.BatchNorm norm) {
        RunningStatistics running = new RunningStatistics(signals.get(norm.mean()), signals.get(norm.variance()),
                STATISTICS_MOMENTUM);
        statistics.add(running);
        layers.add(new BatchNormalization(signals.get(norm.x()), result(node, norm.x(), norm.gamma()),
                signals.get(norm.gamma()), signals.get(norm.beta()), running, norm.epsilon()));
    }

    private void combine(Node node, BinaryFunction function, Signal left, Signal right,
            Signal output) {
        if (fits(left, output) && fits(right, output)) {
            layers.add(new Combine(function, left, right, output));
        } else {
            report(node, "broadcasting other than of a scalar or of a vector over rows");
        }
    }

    /** Whether an operand is as large as the output, or a parameter or constant that repeats along its last axes. */
    private static boolean fits(Signal operand, Signal output) {
        if (operand.value.length == output.value.length) {
            return true;
        }
        Shape shape = operand.shape;
        int offset = output.shape.rank() - shape.rank();
        boolean suffix = true;
        for (int i = 0; i < shape.rank(); i++) {
            suffix &= offset + i >= 0 && shape.dimension(i) == output.shape.dimension(offset + i);
        }
        return operand.batch == 1 && (operand.size == 1 || suffix);
    }

    private Signal result(Node node, ValueId... operands) {
        Signal[] from = Arrays.stream(operands).map(signals::get).toArray(Signal[]::new);
        return own(node, Signal.computedFrom(node.type().shape(), from));
    }

    private Signal own(Node node, Signal signal) {
        signals.put(node.id(), signal);
        owned.add(signal);
        return signal;
    }

    private void report(Node node, String what) {
        diagnostics.add(Diagnostic.error(DiagnosticCode.NOT_TRAINABLE, "cannot train " + what,
                node.origin().position(), "not trainable")
                .help("train this model elsewhere and bind its parameters from a file"));
    }
}
