package dev.tern.quantizer;

import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.WeightScheme;
import java.util.ArrayList;
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
    public static final Activations SIGN = (sketch, x) -> new Quantized(
            sketch.add(new Operation.Sign(x), ElementType.BIPOLAR, sketch.shape(x)), Optional.empty(),
            Optional.empty());

    private final List<Node> nodes = new ArrayList<>();
    private final List<ValueId> inputs = new ArrayList<>();

    /** How a weighted layer quantizes its input. */
    public interface Activations {
        Quantized quantize(GraphSketch sketch, ValueId x);
    }

    /** @param scale empty for codes that are their own values */
    public record Quantized(ValueId codes, Optional<ValueId> scale, Optional<ValueId> zero) {
    }

    public static Activations dynamic(Grid grid, boolean perRow) {
        return (sketch, x) -> {
            Shape shape = sketch.shape(x);
            Shape range = perRow ? Shape.of(shape.rows(), 2) : Shape.of(2);
            Shape scales = perRow ? Shape.of(shape.rows()) : Shape.scalar();
            ValueId measured = sketch.add(new Operation.MeasureRange(x, perRow), ElementType.F32, range);
            return sketch.ranged(x, measured, grid, scales);
        };
    }

    public static Activations fixed(Grid grid, float low, float high) {
        return (sketch, x) -> sketch.ranged(x, sketch.constant(Tensor.of(low, high)), grid, Shape.scalar());
    }

    public static Grid unsigned(int bits) {
        return new Grid(new ElementType.Code(bits, false), Grid.Rule.MINMAX);
    }

    private Quantized ranged(ValueId x, ValueId range, Grid grid, Shape scales) {
        ValueId scale = add(new Operation.RangeScale(range, grid), ElementType.F32, scales);
        Optional<ValueId> zero = grid.rule() == Grid.Rule.MINMAX
                ? Optional.of(add(new Operation.RangeZero(range, grid), new ElementType.Accumulator(0, 255), scales))
                : Optional.empty();
        ValueId codes = add(new Operation.Quantize(x, scale, zero, grid), grid.code(), shape(x));
        return new Quantized(codes, Optional.of(scale), zero);
    }

    public ValueId input(int... dimensions) {
        ValueId id = add(new Operation.Input("x", inputs.size()), ElementType.F32, Shape.of(dimensions));
        inputs.add(id);
        return id;
    }

    public ValueId constant(Tensor.Floats tensor) {
        return add(new Operation.Constant(tensor), ElementType.F32, tensor.shape());
    }

    public ValueId parameter(String path, int... dimensions) {
        return add(new Operation.Parameter(path), ElementType.F32, Shape.of(dimensions));
    }

    public ValueId dense(String path, ValueId x, int out, WeightScheme scheme, Activations activations) {
        ValueId w = parameter(path + ".dense.weight", out, shape(x).channels());
        Quantized q = activations.quantize(this, x);
        int[] dimensions = shape(x).toArray();
        dimensions[dimensions.length - 1] = out;
        return rescaled(w, q, scheme, Shape.of(dimensions),
                weights -> new Operation.Dense(q.codes(), q.zero(), weights));
    }

    /** Stride 1, zero padding that keeps the size for odd kernels. */
    public ValueId conv(String path, ValueId x, int out, int kernel, int groups, WeightScheme scheme,
            Activations activations) {
        Shape in = shape(x);
        ValueId w = parameter(path + ".conv.weight", out, kernel, kernel, in.channels() / groups);
        Quantized q = activations.quantize(this, x);
        int pad = (kernel - 1) / 2;
        Geometry geometry = new Geometry(kernel, kernel, 1, 1, 1, 1, pad, pad, pad, pad);
        Shape shape = Shape.of(geometry.outputHeight(in.dimension(0)), geometry.outputWidth(in.dimension(1)), out);
        return rescaled(w, q, scheme, shape,
                weights -> new Operation.Conv(q.codes(), q.zero(), weights, geometry, groups, Operation.Padding.ZERO));
    }

    private ValueId rescaled(ValueId w, Quantized q, WeightScheme scheme, Shape shape,
            Function<ValueId, Operation> product) {
        if (scheme instanceof WeightScheme.Floating) {
            ValueId sum = add(product.apply(w), ElementType.F32, shape);
            return q.scale().isEmpty()
                    ? sum
                    : add(new Operation.Rescale(sum, q.scale(), Optional.empty()), ElementType.F32, shape);
        }
        ValueId codes = add(new Operation.WeightCodes(w, scheme, Operation.Part.ALL), ElementType.TERNARY, shape(w));
        ValueId scale = add(new Operation.WeightScale(w, scheme, Operation.Part.ALL), ElementType.F32,
                Shape.of(shape(w).dimension(0)));
        ValueId sum = add(product.apply(codes), new ElementType.Accumulator(-1 << 20, 1 << 20), shape);
        return add(new Operation.Rescale(sum, q.scale(), Optional.of(scale)), ElementType.F32, shape);
    }

    public ValueId batchnorm(String path, ValueId x) {
        int c = shape(x).channels();
        return add(new Operation.BatchNorm(x, parameter(path + ".batchnorm.gamma", c),
                parameter(path + ".batchnorm.beta", c), parameter(path + ".batchnorm.mean", c),
                parameter(path + ".batchnorm.variance", c), 1e-5), ElementType.F32, shape(x));
    }

    public ValueId relu(ValueId x) {
        return add(new Operation.Activation(Operation.ActivationFunction.RELU, x), ElementType.F32, shape(x));
    }

    public ValueId maxpool(ValueId x) {
        Shape s = shape(x);
        return add(new Operation.MaxPool(x, Geometry.valid(2, 2, 2)), ElementType.F32,
                Shape.of(s.dimension(0) / 2, s.dimension(1) / 2, s.channels()));
    }

    /** 3x3, stride 1, padded to the same size: windows at the border hold fewer pixels. */
    public ValueId avgpool(ValueId x) {
        return add(new Operation.AvgPool(x, new Geometry(3, 3, 1, 1, 1, 1, 1, 1, 1, 1)), ElementType.F32, shape(x));
    }

    public ValueId flatten(ValueId x) {
        return add(new Operation.Reshape(x), ElementType.F32, Shape.of(shape(x).elements()));
    }

    public ValueId combine(Operation.Elementwise.Function function, ValueId left, ValueId right) {
        Shape shape = shape(left).elements() > shape(right).elements() ? shape(left) : shape(right);
        return add(new Operation.Elementwise(function, left, right), ElementType.F32, shape);
    }

    public ValueId add(Operation operation, ElementType element, Shape shape) {
        ValueId id = new ValueId(nodes.size());
        SourceFile file = new SourceFile("sketch.tern", "node " + id.index());
        nodes.add(new Node(id, new TensorType(element, shape), operation,
                new Origin("", new SourceSpan(file, 0, 4))));
        return id;
    }

    public Graph graph(ValueId output) {
        return new Graph("Sketch", "", "sketch.tern", nodes, inputs,
                List.of(new Graph.Output("scores", output, List.of())), Graph.Budget.NONE);
    }

    private Shape shape(ValueId id) {
        return nodes.get(id.index()).type().shape();
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
        ValueId doubled = g.combine(Operation.Elementwise.Function.MULTIPLY, g.constant(Tensor.scalar(2f)),
                g.input(784));
        ValueId x = g.combine(Operation.Elementwise.Function.SUBTRACT, doubled, g.constant(Tensor.scalar(1f)));
        for (int i = 0; i < 3; i++) {
            x = g.batchnorm("hidden." + i, g.dense("hidden." + i, x, 64, BINARY, SIGN));
        }
        return g.graph(g.batchnorm("scores", g.dense("scores", x, 10, BINARY, SIGN)));
    }
}
