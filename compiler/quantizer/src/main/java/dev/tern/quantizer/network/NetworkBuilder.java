package dev.tern.quantizer.network;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.graph.pass.ExpandComposites;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Builds the differentiable network of a model graph whose parameters are not bound.
 *
 * <p>The network computes with codes where the graph does, kept as floats: sums of codes below 2^24 are exact in any
 * order, and are rescaled with the roundings of the compiled model, so that evaluation gives its very bits. Codes that
 * a quantizer of the network gives are less their zero point; those of an input are as they come.
 */
public final class NetworkBuilder {
    /** What is kept of batch normalization's running averages at each batch. */
    private static final float STATISTICS_MOMENTUM = 0.9f;

    private final Graph graph;
    private final int batch;
    private final long seed;
    private final ActivationQuantizers quantizers;
    private final Map<ValueId, TrainingRole> roles;
    private final Map<ValueId, Signal> signals = new HashMap<>();
    private final List<TrainedLayer> layers = new ArrayList<>();
    private final List<Signal> owned = new ArrayList<>();
    private final List<TrainedParameter> parameters = new ArrayList<>();
    private final List<RunningStatistics> statistics = new ArrayList<>();
    /** Codes as an input gives them, their zero point not subtracted. */
    private final Set<ValueId> stored = new HashSet<>();
    private final Map<CodedWeights, Signal> weightScales = new HashMap<>();
    private final Diagnostics diagnostics = new Diagnostics();
    private final boolean temporal;
    private final List<TrainedParameter> modules = new ArrayList<>();

    private NetworkBuilder(Graph written, int batch, long seed, boolean temporal) {
        this.temporal = temporal;
        this.graph = new ExpandComposites().apply(written, diagnostics);
        this.batch = batch;
        this.seed = seed;
        this.quantizers = new ActivationQuantizers(graph.definitions());
        this.roles = TrainingRole.of(graph);
    }

    /**
     * The network of a graph, for batches of {@code batch} examples. How a parameter starts follows from the seed and
     * its path, whatever stands before it in the graph.
     *
     * @throws dev.tern.compiler.diagnostics.CompilationFailedException naming every operation that cannot be trained
     */
    public static Network build(Graph graph, int batch, long seed) {
        return new NetworkBuilder(graph, batch, seed, false).build();
    }

    /**
     * The same, tables of scales by step being given their entries by a {@link TemporalModule} each.
     *
     * @throws dev.tern.compiler.diagnostics.CompilationFailedException naming every operation that cannot be trained
     */
    public static Network buildTemporal(Graph graph, int batch, long seed) {
        return new NetworkBuilder(graph, batch, seed, true).build();
    }

    private Network build() {
        ValueId output = graph.outputs().getFirst().value();
        for (Node node : graph.nodes()) {
            if (signals.keySet().containsAll(reals(node.operation()))) {
                follow(node);
                add(node);
            }
        }
        diagnostics.throwIfErrors();
        List<Signal> inputs = graph.inputs().stream().map(signals::get).toList();
        return new Network(inputs, signals.get(output), signals.get(scores(output)), layers, owned, parameters,
                modules, statistics);
    }

    private ValueId scores(ValueId output) {
        return switch (graph.definitions().get(output).operation()) {
            case Operation.Softmax(ValueId x) -> x;
            case Operation.ArgMax(ValueId x) -> x;
            default -> output;
        };
    }

    /** Keeps account of what {@link #stored} holds. */
    private void follow(Node node) {
        boolean codes = switch (node.operation()) {
            case Operation.Input _ -> node.type().element() instanceof ElementType.Code;
            case Operation.Reshape(ValueId x) -> stored.contains(x);
            case Operation.Transpose(ValueId x, _) -> stored.contains(x);
            case Operation.Slice(ValueId x, _, _, _) -> stored.contains(x);
            case Operation.Gather(ValueId x, _, _) -> stored.contains(x);
            case Operation.Concat(List<ValueId> parts, _) -> parts.stream().anyMatch(stored::contains);
            case Operation.MaxPool(ValueId x, _) -> stored.contains(x);
            default -> false;
        };
        if (codes) {
            stored.add(node.id());
        }
    }

    /** The operands that carry signals; scales and zero points are read by {@link ActivationQuantizers} instead. */
    private static List<ValueId> reals(Operation operation) {
        return switch (operation) {
            case Operation.MeasureRange _ -> List.of();
            case Operation.RangeScale _ -> List.of();
            case Operation.RangeZero _ -> List.of();
            case Operation.Quantize quantize -> List.of(quantize.x());
            case Operation.Product product -> List.of(product.a(), product.weights());
            case Operation.MatMul product -> List.of(product.left(), product.right());
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
            case Operation.Constant(Tensor.Integers integers) -> {
                Signal constant = own(node, Signal.constant(1, integers.shape()));
                for (int i = 0; i < constant.size; i++) {
                    constant.value[i] = integers.values()[i];
                }
            }
            // Scales and zero points are read where they are used.
            case Operation.MeasureRange _ -> none();
            case Operation.RangeScale(ValueId range, Grid grid) when graph.definitions().get(range)
                    .operation() instanceof Operation.Parameter
                    && shape(range).rank() == 2 ->
                layers.add(new ChannelScales(signals.get(divided(node)), signals.get(range), result(node, range),
                        grid));
            case Operation.RangeScale _ -> none();
            case Operation.RangeZero _ -> none();
            case Operation.WeightScale(ValueId weights, var scheme, var part) ->
                signals.put(node.id(), weightScales.get(new CodedWeights(weights, scheme, part)));
            case Operation.WeightCodes codes -> addWeights(node, codes);
            case Operation.Quantize quantize -> addQuantize(node, quantize);
            case Operation.Sign(ValueId x) -> addQuantizer(node, x, new ActivationQuantizer.Sign());
            case Operation.Ternarize(ValueId x, float t) -> addQuantizer(node, x, new ActivationQuantizer.Ternary(t));
            case Operation.Dense dense ->
                layers.add(new Dense(operand(dense), signals.get(dense.weights()),
                        result(node, dense.a(), dense.weights())));
            case Operation.MatMul product -> layers.add(new MatrixProduct(lessZero(product.left(), product.leftZero()),
                    lessZero(product.right(), product.rightZero()), result(node, product.left(), product.right())));
            case Operation.Conv conv -> addConvolution(node, conv);
            case Operation.Rescale(ValueId x, Optional<ValueId> scale, Optional<ValueId> weightScale) ->
                layers.add(new Rescale(signals.get(x), scale.map(signals::get), weightScale.map(signals::get),
                        result(node, x)));
            case Operation.Dequantize(ValueId codes, ValueId scale, Optional<ValueId> zero) ->
                layers.add(new Rescale(lessZero(codes, zero), Optional.of(signals.get(scale)), Optional.empty(),
                        result(node, codes)));
            case Operation.BatchNorm norm -> addNormalization(node, norm);
            case Operation.Affine affine -> addAffine(node, affine);
            case Operation.Elementwise(BinaryFunction function, ValueId left, ValueId right) ->
                layers.add(new Combine(function, signals.get(left), signals.get(right), result(node, left, right)));
            case Operation.Activation(ElementFunction function, ValueId x) -> addActivation(node, function,
                    x);
            case Operation.Clip(ValueId x, float low, float high) ->
                layers.add(new Clip(signals.get(x), result(node, x), low, high));
            case Operation.MaxPool(ValueId x, Geometry geometry) ->
                layers.add(new MaxPool(signals.get(x), result(node, x), new PatchWindow(geometry, signals.get(
                        x).shape)));
            case Operation.AvgPool(ValueId x, Geometry geometry) -> layers
                    .add(new AveragePool(signals.get(x), result(node, x), new PatchWindow(geometry, signals.get(
                            x).shape)));
            case Operation.Reshape(ValueId x) -> layers.add(new Reshape(signals.get(x), result(node, x)));
            case Operation.Gather(ValueId x, int axis, List<Integer> indices) ->
                addSelect(node, x, Selection.gather(shape(x), node.type().shape(), axis, indices));
            case Operation.Transpose(ValueId x, List<Integer> permutation) ->
                addSelect(node, x, Selection.transpose(shape(x), node.type().shape(), permutation));
            case Operation.Slice(ValueId x, int axis, int start, _) ->
                addSelect(node, x, Selection.slice(shape(x), node.type().shape(), axis, start));
            case Operation.Concat(List<ValueId> parts, int axis) -> addConcat(node, parts, axis);
            case Operation.RowStatistic(Operation.Statistic statistic, ValueId x) ->
                layers.add(new RowMean(statistic, signals.get(x), result(node, x)));
            case Operation.Softmax(ValueId x) -> layers.add(new Softmax(signals.get(x), result(node, x)));
            case Operation.StepTable(ValueId step, ValueId table) ->
                layers.add(new TableRow(signals.get(step), signals.get(table), result(node, step, table)));
            case Operation.PRelu(ValueId x, ValueId slope) ->
                layers.add(new PRelu(signals.get(x), signals.get(slope), result(node, x, slope)));
            case Operation.ArgMax(ValueId x) -> addArgMax(node, x);
            case Operation.Composite composite -> report(node, composite.expansion().name());
            case Operation.Threshold _ -> report(node, "thresholds");
            case Operation.RescaleIntegers _,Operation.SumPool _ -> report(node, "integers");
            case Operation.Requantize _,Operation.CombineCodes _,Operation.CodeTable _ ->
                report(node, "codes made by integers alone");
            case Operation.NotLowered(String name, _, _) -> report(node, name);
        }
    }

    private void none() {
        // Nothing flows here.
    }

    private void addInput(Node node) {
        own(node, Signal.constant(batch, node.type().shape()));
    }

    private void addParameter(Node node, String path) {
        TrainingRole role = roles.getOrDefault(node.id(), new TrainingRole.Learned(0));
        TrainedParameter parameter = role.create(path, node.type().shape(), new SplittableRandom(seed + path
                .hashCode()));
        parameters.add(parameter);
        own(node, parameter.signal());
    }

    /** What codes and scale of weights have in common. */
    private record CodedWeights(ValueId weights, WeightScheme scheme, Operation.Part part) {
    }

    private void addWeights(Node node, Operation.WeightCodes codes) {
        Signal weights = signals.get(codes.weights());
        boolean each = codes.scheme().scale() instanceof WeightScheme.ScaleGranularity.PerChannel;
        Signal scale = Signal.constant(1, each ? Shape.of(weights.shape.dimension(0)) : Shape.scalar());
        weightScales.put(new CodedWeights(codes.weights(), codes.scheme(), codes.part()), scale);
        layers.add(new QuantizeWeights(weights, result(node, codes.weights()), scale, codes.scheme(), codes.part()));
    }

    /** What a product multiplies: reals, or codes less their zero point. */
    private Signal operand(Operation.Product product) {
        return lessZero(product.a(), product.zero());
    }

    private Signal lessZero(ValueId codes, Optional<ValueId> zero) {
        return stored.contains(codes) && zero.isPresent()
                ? combined(BinaryFunction.SUBTRACT, signals.get(codes), signals.get(zero.get()))
                : signals.get(codes);
    }

    private Signal combined(BinaryFunction function, Signal left, Signal right) {
        Signal result = Signal.computedFrom(left.shape, left, right);
        owned.add(result);
        layers.add(new Combine(function, left, right, result));
        return result;
    }

    private void addQuantize(Node node, Operation.Quantize quantize) {
        Signal x = signals.get(quantize.x());
        Operation scale = graph.definitions().get(quantize.scale()).operation();
        if (scale instanceof Operation.RangeScale(ValueId range, Grid grid) && signals.containsKey(range)
                && signals.get(range).isDifferentiable() && shape(range).elements() == 2) {
            Signal unit = scale(quantize.scale(), Signal.constant(1, Shape.scalar()));
            layers.add(new LearnedRange(x, signals.get(range), result(node, quantize.x(), range), unit, grid));
        } else if (scale instanceof Operation.StepTable(ValueId step, ValueId table) && quantize.zero().isEmpty()
                && signals.containsKey(table) && shape(table).rank() == 1) {
            Signal unit = scale(quantize.scale(), Signal.constant(batch, Shape.scalar()));
            if (temporal && graph.definitions().get(table).operation() instanceof Operation.Parameter(String path, _)) {
                TemporalModule module = new TemporalModule(path, x, signals.get(step), signals.get(table), quantize
                        .grid(),
                        seed);
                layers.add(module);
                modules.addAll(module.parameters());
                owned.addAll(module.signals());
            }
            layers.add(new LearnedSteps(x, signals.get(step), signals.get(table), result(node, quantize.x(), table),
                    unit, quantize.grid()));
        } else {
            quantizers.of(quantize).ifPresentOrElse(quantizer -> {
                boolean perRow = quantizer instanceof ActivationQuantizer.Dynamic(_, boolean rows) && rows;
                Signal unit = scale(quantize.scale(),
                        Signal.constant(x.batch, perRow ? Shape.of(x.size / x.channels()) : Shape.scalar()));
                layers.add(new QuantizeActivations(x, result(node, quantize.x()), unit, quantizer));
            }, () -> report(node, "a scale that is neither static nor measured on the activations themselves"));
        }
    }

    /** What is divided by the scales of channels, to be quantized; it is there before them. */
    private ValueId divided(Node scales) {
        return graph.nodes().stream().map(Node::operation).filter(Operation.Elementwise.class::isInstance)
                .map(Operation.Elementwise.class::cast)
                .filter(by -> by.right().equals(scales.id()) && by.function() == BinaryFunction.DIVIDE).findFirst()
                .orElseThrow().left();
    }

    /** The signal of a scale, in the place of what the graph computes it by. */
    private Signal scale(ValueId id, Signal signal) {
        signals.put(id, signal);
        return signal;
    }

    private void addActivation(Node node, ElementFunction function, ValueId x) {
        layers.add(function.equals(ElementFunction.RELU)
                ? new Clip(signals.get(x), result(node, x), 0f, Float.POSITIVE_INFINITY)
                : new Apply(signals.get(x), result(node, x), function));
    }

    private void addSelect(Node node, ValueId x, int[] from) {
        layers.add(new Select(signals.get(x), result(node, x), from));
    }

    private void addConcat(Node node, List<ValueId> parts, int axis) {
        Signal output = result(node, parts.toArray(ValueId[]::new));
        int start = 0;
        for (ValueId part : parts) {
            layers.add(new Select(signals.get(part), output,
                    Selection.part(shape(part), node.type().shape(), axis, start)));
            start += shape(part).dimension(axis);
        }
    }

    /** An index has no gradient: at the output the scores that it is chosen by are trained. */
    private void addArgMax(Node node, ValueId x) {
        if (node.id().equals(graph.outputs().getFirst().value())) {
            signals.put(node.id(), signals.get(x));
        } else {
            report(node, "argmax other than at the output");
        }
    }

    private Shape shape(ValueId id) {
        return signals.get(id).shape;
    }

    private void addAffine(Node node, Operation.Affine affine) {
        Signal x = signals.get(affine.x());
        Signal scale = signals.get(affine.scale());
        Signal scaled = Signal.computedFrom(node.type().shape(), x, scale);
        owned.add(scaled);
        layers.add(new Combine(BinaryFunction.MULTIPLY, x, scale, scaled));
        layers.add(new Combine(BinaryFunction.ADD, scaled, signals.get(affine.shift()),
                result(node, affine.x(), affine.scale(), affine.shift())));
    }

    private void addQuantizer(Node node, ValueId x, ActivationQuantizer quantizer) {
        Signal unit = Signal.constant(1, Shape.scalar());
        layers.add(new QuantizeActivations(signals.get(x), result(node, x), unit, quantizer));
    }

    private void addConvolution(Node node, Operation.Conv conv) {
        Signal input = operand(conv);
        Signal weights = signals.get(conv.weights());
        Signal output = result(node, conv.a(), conv.weights());
        PatchWindow window = new PatchWindow(conv.geometry(), input.shape);
        float padding = switch (conv.padding()) {
            case ZERO -> 0f;
            case PLUS_ONE -> 1f;
            case MINUS_ONE -> -1f;
        };
        if (conv.groups() == 1 && UnitStrideConvolution.fits(window)) {
            layers.add(new UnitStrideConvolution(input, weights, output, window, padding));
        } else if (conv.groups() == 1) {
            layers.add(new Convolution(input, weights, output, window, padding));
        } else if (conv.groups() == window.channels() && output.channels() == window.channels()) {
            layers.add(new DepthwiseConvolution(input, weights, output, window, padding));
        } else {
            layers.add(new GroupedConvolution(input, weights, output, window, conv.groups(), padding));
        }
    }

    private void addNormalization(Node node, Operation.BatchNorm norm) {
        RunningStatistics running = new RunningStatistics(signals.get(norm.mean()), signals.get(norm.variance()),
                STATISTICS_MOMENTUM);
        statistics.add(running);
        layers.add(new BatchNormalization(signals.get(norm.x()), result(node, norm.x(), norm.gamma()),
                signals.get(norm.gamma()), signals.get(norm.beta()), running, norm.epsilon()));
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
