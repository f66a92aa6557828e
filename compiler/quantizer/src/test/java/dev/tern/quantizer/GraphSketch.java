package dev.tern.quantizer;

import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.ParameterRole;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Model graphs drawn by hand, in the form that analysis gives them, before parameters are bound. */
public final class GraphSketch {
    public static final WeightScheme FLOATING = new WeightScheme.Floating();
    public static final WeightScheme BINARY = new WeightScheme.Binary(WeightScheme.ScaleGranularity.CHANNEL);
    public static final WeightScheme TWN = new WeightScheme.Ternary(new WeightScheme.TernaryRule.Twn(),
            WeightScheme.ScaleGranularity.CHANNEL);
    public static final WeightScheme BYTES = new WeightScheme.Integer(8, WeightScheme.ScaleGranularity.CHANNEL);

    public static final Activations FLOAT = (sketch, x) -> new Quantized(x, Optional.empty(), Optional.empty());
    public static final Activations SIGN = (sketch, x) -> new Quantized(sketch.add(new Operation.Sign(x)),
            Optional.empty(), Optional.empty());

    private final GraphBuilder builder = new GraphBuilder("Sketch", "sketch.tern",
            new Origin("", new SourceFile("sketch.tern", "model").span()));

    /** How a weighted layer quantizes its input. */
    public interface Activations {
        Quantized quantize(GraphSketch sketch, ValueId x);
    }

    /** @param scale empty for codes that are their own values */
    public record Quantized(ValueId codes, Optional<ValueId> scale, Optional<ValueId> zero) {
    }

    public static Activations dynamic(Grid grid, boolean perRow) {
        return (sketch, x) -> sketch.ranged(x, sketch.add(new Operation.MeasureRange(x, perRow)), grid);
    }

    public static Activations fixed(Grid grid, float low, float high) {
        return (sketch, x) -> sketch.ranged(x, sketch.constant(Tensor.of(low, high)), grid);
    }

    public static Grid unsigned(int bits) {
        return new Grid(new ElementType.Code(bits, false), Grid.Rule.MINMAX);
    }

    private Quantized ranged(ValueId x, ValueId range, Grid grid) {
        ValueId scale = add(new Operation.RangeScale(range, grid));
        Optional<ValueId> zero = grid.rule() == Grid.Rule.MINMAX
                ? Optional.of(add(new Operation.RangeZero(range, grid)))
                : Optional.empty();
        return new Quantized(add(new Operation.Quantize(x, scale, zero, grid)), Optional.of(scale), zero);
    }

    public ValueId input(int... dimensions) {
        return builder.input("x", TensorType.f32(dimensions));
    }

    public ValueId input(TensorType type) {
        return builder.input("x", type);
    }

    public ValueId constant(Tensor.Floats tensor) {
        return builder.constant(tensor);
    }

    public ValueId parameter(String path, int... dimensions) {
        return builder.add(new Operation.Parameter(path, ParameterRole.OTHER), TensorType.f32(dimensions));
    }

    public ValueId dense(String path, ValueId x, int out, WeightScheme scheme, Activations activations) {
        ValueId w = parameter(path + ".dense.weight", out, shape(x).channels());
        Quantized q = activations.quantize(this, x);
        return rescaled(w, q, scheme, weights -> new Operation.Dense(q.codes(), q.zero(), weights));
    }

    /** Stride 1, zero padding that keeps the size for odd kernels. */
    public ValueId conv(String path, ValueId x, int out, int kernel, int groups, WeightScheme scheme,
            Activations activations) {
        ValueId w = parameter(path + ".conv.weight", out, kernel, kernel, shape(x).channels() / groups);
        Quantized q = activations.quantize(this, x);
        int pad = (kernel - 1) / 2;
        Geometry geometry = new Geometry(kernel, kernel, 1, 1, 1, 1, pad, pad, pad, pad);
        return rescaled(w, q, scheme,
                weights -> new Operation.Conv(q.codes(), q.zero(), weights, geometry, groups, Operation.Padding.ZERO));
    }

    private ValueId rescaled(ValueId w, Quantized q, WeightScheme scheme, Function<ValueId, Operation> product) {
        if (scheme instanceof WeightScheme.Floating) {
            ValueId sum = add(product.apply(w));
            return q.scale().isEmpty() ? sum : add(new Operation.Rescale(sum, q.scale(), Optional.empty()));
        }
        ValueId sum = add(product.apply(add(new Operation.WeightCodes(w, scheme, Operation.Part.ALL))));
        ValueId scale = add(new Operation.WeightScale(w, scheme, Operation.Part.ALL));
        return add(new Operation.Rescale(sum, q.scale(), Optional.of(scale)));
    }

    public ValueId batchnorm(String path, ValueId x) {
        int c = shape(x).channels();
        return add(new Operation.BatchNorm(x, parameter(path + ".batchnorm.gamma", c),
                parameter(path + ".batchnorm.beta", c), parameter(path + ".batchnorm.mean", c),
                parameter(path + ".batchnorm.variance", c), 1e-5));
    }

    public ValueId relu(ValueId x) {
        return add(new Operation.Activation(ElementFunction.RELU, x));
    }

    public ValueId maxpool(ValueId x) {
        return add(new Operation.MaxPool(x, Geometry.valid(2, 2, 2)));
    }

    /** 3x3, stride 1, padded to the same size: windows at the border hold fewer pixels. */
    public ValueId avgpool(ValueId x) {
        return add(new Operation.AvgPool(x, new Geometry(3, 3, 1, 1, 1, 1, 1, 1, 1, 1)));
    }

    public ValueId flatten(ValueId x) {
        return builder.reshape(x, Shape.of(shape(x).elements()));
    }

    public ValueId reshape(ValueId x, int... dimensions) {
        return builder.reshape(x, Shape.of(dimensions));
    }

    public ValueId combine(BinaryFunction function, ValueId left, ValueId right) {
        return add(new Operation.Elementwise(function, left, right));
    }

    public ValueId add(Operation operation) {
        return builder.add(operation);
    }

    public ValueId add(Operation operation, TensorType type) {
        return builder.add(operation, type);
    }

    public Shape shape(ValueId id) {
        return builder.type(id).shape();
    }

    public Graph graph(ValueId output) {
        builder.output("scores", output, List.of());
        return builder.build();
    }

    /** The Digits example of the language. */
    public static Graph digits() {
        GraphSketch g = new GraphSketch();
        ValueId stem = g.conv("stem", g.input(28, 28, 1), 16, 3, 1, BYTES, fixed(unsigned(8), 0, 1));
        ValueId body = g.conv("body", g.maxpool(g.relu(g.batchnorm("stem", stem))), 32, 3, 1, TWN,
                dynamic(unsigned(4), false));
        ValueId flat = g.flatten(g.maxpool(g.relu(g.batchnorm("body", body))));
        return g.graph(g.dense("scores", flat, 10, TWN, dynamic(unsigned(4), false)));
    }

    /** The TinyMlp example of the language. */
    public static Graph tinyMlp() {
        GraphSketch g = new GraphSketch();
        ValueId doubled = g.combine(BinaryFunction.MULTIPLY, g.constant(Tensor.scalar(2f)),
                g.input(784));
        ValueId x = g.combine(BinaryFunction.SUBTRACT, doubled, g.constant(Tensor.scalar(1f)));
        for (int i = 0; i < 3; i++) {
            x = g.batchnorm("hidden." + i, g.dense("hidden." + i, x, 64, BINARY, SIGN));
        }
        return g.graph(g.batchnorm("scores", g.dense("scores", x, 10, BINARY, SIGN)));
    }
}
