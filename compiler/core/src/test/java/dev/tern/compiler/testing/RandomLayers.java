package dev.tern.compiler.testing;

import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Elementwise;
import dev.tern.compiler.graph.Operation.Part;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.WeightScheme.ScaleGranularity;
import dev.tern.compiler.graph.WeightScheme.TernaryRule;
import dev.tern.compiler.graph.build.ActivationCodes;
import dev.tern.compiler.graph.expansion.ConvTranspose;
import dev.tern.compiler.graph.expansion.GroupNorm;
import dev.tern.compiler.graph.expansion.L2Norm;
import dev.tern.compiler.graph.expansion.LayerNorm;
import dev.tern.compiler.graph.expansion.RmsNorm;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Layers of random schemes, written into a graph in the form that analysis gives them. */
final class RandomLayers {
    final GraphBuilder graph = new GraphBuilder("Random", "random.tern", origin("model"));
    final Random random;
    final RandomTensors tensors;
    private final RandomIntegers integers;
    private int layers;
    private Optional<ValueId> step = Optional.empty();

    RandomLayers(Random random) {
        this.random = random;
        this.tensors = new RandomTensors(random);
        this.integers = new RandomIntegers(this);
    }

    /** A value and what is known of its sign. */
    record Value(ValueId id, boolean nonNegative) {
    }

    /** Codes and what belongs to them. @param padding what taps in the padding may count as beside nothing */
    private record Codes(ValueId id, Optional<ValueId> scale, Optional<ValueId> zero, boolean sign) {
    }

    private static Origin origin(String path) {
        return new Origin(path, new FilePosition("random.tern", -1, path));
    }

    Shape shape(Value x) {
        return graph.type(x.id).shape();
    }

    int pick(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private ValueId floats(Tensor.Floats tensor) {
        return graph.constant(tensor);
    }

    void nextLayer(String name) {
        graph.at(origin(name + layers++));
    }

    // Products

    Value dense(Value x, int channels) {
        nextLayer("dense");
        Shape weights = Shape.of(channels, shape(x).channels());
        return weighted(x, weights, shape(x).rank() > 1,
                codes -> w -> new Operation.Dense(codes.id, codes.zero, w));
    }

    Value conv(Value x, int channels, int groups, Geometry geometry) {
        nextLayer("conv");
        Shape weights = Shape.of(channels, geometry.kernelHeight(), geometry.kernelWidth(),
                shape(x).channels() / groups);
        int padding = random.nextInt(3);
        return weighted(x, weights, false, codes -> w -> new Operation.Conv(codes.id, codes.zero, w, geometry, groups,
                codes.sign ? Operation.Padding.values()[padding] : Operation.Padding.ZERO));
    }

    Value convTranspose(Value x, int channels, int kernelHeight, int kernelWidth, ConvTranspose convolution) {
        nextLayer("convtranspose");
        Shape weights = Shape.of(channels, kernelHeight, kernelWidth,
                shape(x).channels() / convolution.groups());
        return weighted(x, weights, false, codes -> w -> new Operation.Composite(convolution,
                Stream.concat(Stream.of(codes.id, w), codes.zero.stream()).toList()));
    }

    /** A matrix, or several, by itself changed over; or by other numbers. */
    Value matMul(Value x) {
        nextLayer("matmul");
        Shape shape = shape(x);
        int rank = shape.rank();
        List<Integer> turned = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.swap(turned, rank - 2, rank - 1);
        ValueId other = graph.add(new Operation.Transpose(x.id, turned));
        Value right = new Value(other, x.nonNegative);
        Codes a = activations(x, false);
        Codes b = activations(right, false);
        boolean real = graph.type(a.id).element() instanceof ElementType.F32;
        if (real != graph.type(b.id).element() instanceof ElementType.F32) {
            a = new Codes(x.id, Optional.empty(), Optional.empty(), false);
            b = new Codes(other, Optional.empty(), Optional.empty(), false);
            real = graph.type(x.id).element() instanceof ElementType.F32;
        }
        ValueId sum = graph.add(new Operation.MatMul(a.id, a.zero, b.id, b.zero));
        Optional<ValueId> one = b.scale;
        Optional<ValueId> scale = a.scale.isPresent() && one.isPresent()
                ? Optional.of(graph.add(new Elementwise(BinaryFunction.MULTIPLY, a.scale.get(), one.get())))
                : a.scale.or(() -> one);
        return new Value(real ? sum : graph.add(new Operation.Rescale(sum, scale, Optional.empty())), false);
    }

    private interface ProductOf {
        java.util.function.Function<ValueId, Operation> of(Codes codes);
    }

    private Value weighted(Value x, Shape shape, boolean rows, ProductOf product) {
        Codes codes = activations(x, rows);
        ValueId w = floats(tensors.floats(shape));
        WeightScheme scheme = weightScheme();
        ValueId result = switch (scheme) {
            case WeightScheme.Floating floating -> {
                ValueId sum = graph.add(product.of(codes).apply(w));
                yield codes.scale.isPresent()
                        ? graph.add(new Operation.Rescale(sum, codes.scale, Optional.empty()))
                        : sum;
            }
            case WeightScheme.Ternary(TernaryRule.Ttq rule, var scale) -> graph.add(
                    new Elementwise(BinaryFunction.ADD, scaled(codes, w, scheme, Part.POSITIVE, product),
                            scaled(codes, w, scheme, Part.NEGATIVE, product)));
            case WeightScheme.Binary binary -> scaled(codes, w, scheme, Part.ALL, product);
            case WeightScheme.Ternary ternary -> scaled(codes, w, scheme, Part.ALL, product);
            case WeightScheme.Integer integer -> scaled(codes, w, scheme, Part.ALL, product);
            case WeightScheme.Asymmetric asymmetric -> scaled(codes, w, scheme, Part.ALL, product);
        };
        return new Value(result, false);
    }

    private ValueId scaled(Codes codes, ValueId w, WeightScheme scheme, Part part, ProductOf product) {
        ValueId weightCodes = graph.add(new Operation.WeightCodes(w, scheme, part));
        Optional<ValueId> scale = scheme.scale() instanceof ScaleGranularity.None && random.nextBoolean()
                ? Optional.empty()
                : Optional.of(graph.add(new Operation.WeightScale(w, scheme, part)));
        ValueId sum = graph.add(product.of(codes).apply(weightCodes));
        if (part == Part.ALL && graph.type(sum).element() instanceof ElementType.Accumulator && random.nextInt(
                5) == 0) {
            return integers.requantized(sum, scale);
        }
        return graph.add(new Operation.Rescale(sum, codes.scale, scale));
    }

    private WeightScheme weightScheme() {
        ScaleGranularity scale = switch (random.nextInt(4)) {
            case 0 -> ScaleGranularity.TENSOR;
            case 1 -> ScaleGranularity.NONE;
            default -> ScaleGranularity.CHANNEL;
        };
        return switch (random.nextInt(10)) {
            case 0, 1 -> new WeightScheme.Binary(scale);
            case 2, 3 -> new WeightScheme.Ternary(new TernaryRule.Twn(), scale);
            case 4 -> new WeightScheme.Ternary(new TernaryRule.AbsMean(), scale);
            case 5 -> new WeightScheme.Ternary(new TernaryRule.Threshold(0.25f), scale);
            case 6 -> new WeightScheme.Ternary(new TernaryRule.Ttq(0.125f), scale);
            case 7 -> new WeightScheme.Integer(2 + random.nextInt(7), scale);
            case 8 -> new WeightScheme.Asymmetric(2 + random.nextInt(6),
                    scale instanceof ScaleGranularity.None ? ScaleGranularity.CHANNEL : scale);
            default -> new WeightScheme.Floating();
        };
    }

    // Activations

    private Codes activations(Value x, boolean rows) {
        if (graph.type(x.id).element() instanceof Code) {
            // Codes as stored: their scale is that of static(8, 0..1).
            return new Codes(x.id, Optional.of(floats(Tensor.scalar(1f / 255))), Optional.empty(), false);
        }
        return switch (random.nextInt(step.isPresent() ? 11 : 9)) {
            case 0, 1, 2 -> new Codes(graph.add(new Operation.Sign(x.id)), Optional.empty(), Optional.empty(), true);
            case 3 -> new Codes(graph.add(new Operation.Ternarize(x.id, pick(0, 1, 2) / 4f)), Optional.empty(),
                    Optional.empty(), true);
            case 4 -> dynamic(x, absmax(x), rows && random.nextBoolean());
            case 5 -> dynamic(x, minmax(), rows && random.nextBoolean());
            case 6, 7 -> fixed(x);
            case 8 -> new Codes(x.id, Optional.empty(), Optional.empty(), false);
            default -> byStep(x);
        };
    }

    /** A time-step index that some scales depend on. */
    void stepInput(int count) {
        step = Optional.of(graph.input("t", new TensorType(new ElementType.StepIndex(count), Shape.scalar())));
    }

    /** What a table holds for the step. */
    private ValueId embedded(Shape shape) {
        int count = ((ElementType.StepIndex) graph.type(step.orElseThrow()).element()).count();
        Shape table = Shape.of(IntStream.concat(IntStream.of(count), Arrays.stream(shape.toArray())).toArray());
        return graph.add(new Operation.StepTable(step.get(), floats(tensors.floats(table))));
    }

    private Codes byStep(Value x) {
        int count = ((ElementType.StepIndex) graph.type(step.orElseThrow()).element()).count();
        ValueId scale = graph.add(new Operation.StepTable(step.get(), floats(tensors.positive(count))));
        return new Codes(graph.add(new Operation.Quantize(x.id, scale, Optional.empty(), absmax(x))),
                Optional.of(scale), Optional.empty(), false);
    }

    private Grid absmax(Value x) {
        return new Grid(x.nonNegative
                ? new Code(1 + random.nextInt(8), false)
                : new Code(2 + random.nextInt(7), true), Grid.Rule.ABSMAX);
    }

    private Grid minmax() {
        return new Grid(new Code(1 + random.nextInt(8), false), Grid.Rule.MINMAX);
    }

    private Codes dynamic(Value x, Grid grid, boolean perRow) {
        ValueId range = graph.add(new Operation.MeasureRange(x.id, perRow));
        ValueId scale = graph.add(new Operation.RangeScale(range, grid));
        Optional<ValueId> zero = grid.rule() == Grid.Rule.MINMAX && !x.nonNegative
                ? Optional.of(graph.add(new Operation.RangeZero(range, grid)))
                : Optional.empty();
        return new Codes(graph.add(new Operation.Quantize(x.id, scale, zero, grid)), Optional.of(scale), zero, false);
    }

    /** A scale known at compile time with a zero point among signed or unsigned codes, maybe without the lowest. */
    private Codes given(Value x) {
        int bits = 1 + random.nextInt(8);
        boolean signed = bits > 1 && random.nextBoolean();
        Grid grid = new Grid(new Code(bits, signed), Grid.Rule.GIVEN, signed && random.nextInt(3) == 0);
        int zero = random.nextBoolean() ? 0 : grid.lowest() + random.nextInt(grid.highest() - grid.lowest() + 1);
        ValueId scale = floats(Tensor.scalar(random.nextBoolean() ? 0.5f : 0.01f + random.nextFloat()));
        Optional<ValueId> zeroPoint = zero == 0
                ? Optional.empty()
                : Optional.of(graph.add(new Operation.Constant(Tensor.scalar(zero))));
        return new Codes(graph.add(new Operation.Quantize(x.id, scale, zeroPoint, grid)), Optional.of(scale),
                zeroPoint, false);
    }

    /** A range known at compile time; half of the time its scale is a power of two, so that ties occur. */
    private Codes fixed(Value x) {
        if (random.nextInt(3) == 0) {
            return given(x);
        }
        Grid grid = minmax();
        int steps = grid.code().highest();
        float scale = random.nextBoolean() ? 0.5f : 0.1f + random.nextFloat();
        float low = x.nonNegative ? 0 : -scale * random.nextInt(steps + 1);
        ValueId range = floats(Tensor.of(low, low + scale * steps));
        ValueId s = graph.add(new Operation.RangeScale(range, grid));
        Optional<ValueId> zero = low == 0
                ? Optional.empty()
                : Optional.of(graph.add(new Operation.RangeZero(range, grid)));
        return new Codes(graph.add(new Operation.Quantize(x.id, s, zero, grid)), Optional.of(s), zero, false);
    }

    /** A quantizer in a place of its own. */
    Value quantized(Value x) {
        nextLayer("quantize");
        if (random.nextInt(3) == 0) {
            return new Value(integers.combined(x), false);
        }
        if (random.nextInt(5) == 0) {
            return new Value(byChannel(x), x.nonNegative);
        }
        Codes codes = random.nextBoolean() ? fixed(x) : dynamic(x, minmax(), false);
        return new Value(graph.add(new Operation.Dequantize(codes.id, codes.scale.orElseThrow(), codes.zero)),
                x.nonNegative);
    }

    /** Each channel on a grid of its own. */
    private ValueId byChannel(Value x) {
        ActivationCodes quantizers = new ActivationCodes(graph);
        int channels = shape(x).channels();
        float[] ranges = tensors.floats(Shape.of(channels, 2)).values();
        for (int i = 0; i < ranges.length; i += 2) {
            ranges[i + 1] = Math.max(ranges[i], ranges[i + 1]);
        }
        ValueId ends = floats(new Tensor.Floats(Shape.of(channels, 2), ranges));
        return quantizers.reals(quantizers.perChannel(x.id, ends, absmax(x)));
    }

    // Elementwise

    Value batchNorm(Value x) {
        nextLayer("batchnorm");
        int c = shape(x).channels();
        boolean exact = random.nextBoolean();
        ValueId variance = floats(exact ? ones(c) : tensors.positive(c));
        return new Value(graph.add(new Operation.BatchNorm(x.id, floats(tensors.factors(c)),
                floats(tensors.floats(Shape.of(c))), floats(tensors.floats(Shape.of(c))), variance,
                exact ? 0 : 1e-5)), false);
    }

    private static Tensor.Floats ones(int count) {
        float[] values = new float[count];
        java.util.Arrays.fill(values, 1);
        return Tensor.of(values);
    }

    /** Each row by its own statistics. */
    Value normalized(Value x) {
        nextLayer("norm");
        int c = shape(x).channels();
        ValueId gamma = floats(tensors.factors(c));
        int groups = c % 2 == 0 ? 2 : 1;
        return switch (random.nextInt(6)) {
            case 4 -> new Value(graph.add(new Operation.Composite(new GroupNorm(groups, 0.1),
                    List.of(x.id, gamma, floats(tensors.floats(Shape.of(c)))))), false);
            case 5 -> new Value(graph.add(new Operation.Composite(new L2Norm(1e-12f), List.of(x.id))), false);
            case 0 -> new Value(graph.add(new Operation.Composite(new RmsNorm(0.1), List.of(x.id, gamma))), false);
            case 1 -> new Value(graph.add(new Operation.Elementwise(BinaryFunction.SUBTRACT, x.id,
                    graph.add(new Operation.RowStatistic(oneOf(Operation.Statistic.values()), x.id)))), false);
            default -> new Value(graph.add(new Operation.Composite(new LayerNorm(1e-5),
                    List.of(x.id, gamma, floats(tensors.floats(Shape.of(c)))))), false);
        };
    }

    @SafeVarargs
    private <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    Value elementwise(Value x) {
        nextLayer("step");
        Shape channels = Shape.of(shape(x).channels());
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> relu(x);
            case 3 -> new Value(graph.add(new Operation.Clip(x.id, 0, 1)), true);
            case 4 -> new Value(graph.add(new Operation.Clip(x.id, -1, 1)), x.nonNegative);
            case 5 -> constantStep(x, random.nextBoolean() ? channels : Shape.scalar());
            case 6 -> new Value(graph.add(new Operation.PRelu(x.id, floats(tensors.factors(channels.channels())))),
                    x.nonNegative);
            default -> function(x, ElementFunction.ALL.get(random.nextInt(ElementFunction.ALL.size())));
        };
    }

    Value relu(Value x) {
        return new Value(graph.add(new Operation.Activation(ElementFunction.RELU, x.id)), true);
    }

    /** Which of them are never negative is said here once more, to hold what the compiler finds out against it. */
    private Value function(Value x, ElementFunction function) {
        boolean nonNegative = switch (function.name()) {
            case "relu", "sigmoid", "exp", "sqrt", "hardsigmoid", "inverse_root" -> true;
            case "tanh", "silu", "gelu", "hardswish", "elu" -> x.nonNegative;
            default -> false;
        };
        return new Value(graph.add(new Operation.Activation(function, x.id)), nonNegative);
    }

    private Value constantStep(Value x, Shape shape) {
        BinaryFunction function = oneOf(BinaryFunction.values());
        if (function == BinaryFunction.DIVIDE) {
            // Quotients by zero would be NaN sooner or later.
            Tensor.Floats divisors = new Tensor.Floats(shape, tensors.positive(shape.elements()).values());
            return new Value(graph.add(new Elementwise(function, x.id, floats(divisors))), false);
        }
        ValueId constant = step.isPresent() && random.nextBoolean() ? embedded(shape) : floats(tensors.floats(shape));
        return new Value(graph.add(random.nextBoolean()
                ? new Elementwise(function, x.id, constant)
                : new Elementwise(function, constant, x.id)), false);
    }

    Value add(Value a, Value b) {
        return new Value(graph.add(new Elementwise(BinaryFunction.ADD, a.id, b.id)),
                a.nonNegative && b.nonNegative);
    }

    /** Sums of windows of codes, by integers alone. */
    Value summed(Value x, Geometry whole) {
        return new Value(integers.summed(x, whole), false);
    }

    Value apply(Value x, UnaryOperator<ValueId> operation) {
        return new Value(operation.apply(x.id), x.nonNegative);
    }

    /** Codes of an input as reals. */
    Value real(Value x) {
        return graph.type(x.id).element() instanceof ElementType.F32
                ? x
                : new Value(graph.add(new Operation.Rescale(x.id, Optional.empty(), Optional.empty())),
                        x.nonNegative);
    }

    Graph build() {
        return graph.build();
    }

    TensorType type(Value x) {
        return graph.type(x.id);
    }
}
