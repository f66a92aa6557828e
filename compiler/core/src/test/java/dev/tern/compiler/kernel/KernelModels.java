package dev.tern.compiler.kernel;

import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Small graphs with the shapes that kernels find hard, and the random tensors that go into them. */
public final class KernelModels {
    final GraphBuilder builder = new GraphBuilder("Sample", "sample.tern", origin("layer"));
    final Random random;

    public KernelModels(long seed) {
        random = new Random(seed);
    }

    static Origin origin(String path) {
        return new Origin(path, new FilePosition("sample.tern", -1, path));
    }

    KernelModels at(String path) {
        builder.at(origin(path));
        return this;
    }

    ValueId input(String name, int... shape) {
        return builder.input(name, TensorType.f32(shape));
    }

    ValueId add(Operation operation) {
        return builder.add(operation);
    }

    /** How a product's activations are quantized. */
    enum Activations {
        SIGN, TERNARY, ABSMAX4, MINMAX1, MINMAX3, MINMAX8, STATIC4, STATIC8, ROWS4, FLOAT
    }

    /** Codes, and what the product and the rescaling need beside them. */
    record Codes(ValueId value, Optional<ValueId> scale, Optional<ValueId> zero) {
    }

    Codes quantize(ValueId x, Activations scheme) {
        return switch (scheme) {
            case SIGN -> new Codes(add(new Operation.Sign(x)), Optional.empty(), Optional.empty());
            case TERNARY -> new Codes(add(new Operation.Ternarize(x, 0.4f)), Optional.empty(), Optional.empty());
            case ABSMAX4 -> dynamic(x, new Grid(new ElementType.Code(4, true), Grid.Rule.ABSMAX), false);
            case MINMAX1 -> dynamic(x, new Grid(new ElementType.Code(1, false), Grid.Rule.MINMAX), false);
            case MINMAX3 -> dynamic(x, new Grid(new ElementType.Code(3, false), Grid.Rule.MINMAX), false);
            case MINMAX8 -> dynamic(x, new Grid(new ElementType.Code(8, false), Grid.Rule.MINMAX), false);
            case ROWS4 -> dynamic(x, new Grid(new ElementType.Code(4, false), Grid.Rule.MINMAX), true);
            case STATIC4 -> fixed(x, new Grid(new ElementType.Code(4, true), Grid.Rule.ABSMAX), 0.11f, 0);
            case STATIC8 -> fixed(x, new Grid(new ElementType.Code(8, false), Grid.Rule.MINMAX), 0.013f, 117);
            case FLOAT -> new Codes(x, Optional.empty(), Optional.empty());
        };
    }

    Codes dynamic(ValueId x, Grid grid, boolean perRow) {
        ValueId range = add(new Operation.MeasureRange(x, perRow));
        ValueId scale = add(new Operation.RangeScale(range, grid));
        Optional<ValueId> zero = grid.rule() == Grid.Rule.MINMAX
                ? Optional.of(add(new Operation.RangeZero(range, grid)))
                : Optional.empty();
        return new Codes(add(new Operation.Quantize(x, scale, zero, grid)), Optional.of(scale), zero);
    }

    private Codes fixed(ValueId x, Grid grid, float scale, int zero) {
        ValueId s = builder.constant(Tensor.scalar(scale));
        Optional<ValueId> z = zero == 0 ? Optional.empty() : Optional.of(builder.constant(Tensor.scalar(zero)));
        return new Codes(add(new Operation.Quantize(x, s, z, grid)), Optional.of(s), z);
    }

    /** What a product's weights are. */
    enum Weights {
        BINARY, TERNARY, INT8, FLOAT
    }

    ValueId weights(Weights scheme, int... shape) {
        return switch (scheme) {
            case BINARY -> codes(ElementType.BIPOLAR, shape);
            case TERNARY -> codes(ElementType.TERNARY, shape);
            case INT8 -> codes(new ElementType.Code(8, true), shape);
            case FLOAT -> builder.constant(floats(shape));
        };
    }

    private ValueId codes(ElementType.Code code, int... shape) {
        int[] values = new int[Shape.of(shape).elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = code.bipolar()
                    ? random.nextBoolean() ? 1 : -1
                    : random.nextInt(2 * code.highest() + 1) - code.highest();
        }
        return builder.constant(new Tensor.Integers(Shape.of(shape), values), code);
    }

    /** Half of them multiples of a quarter, so that ties and zeros occur. */
    Tensor.Floats floats(int... shape) {
        float[] values = new float[Shape.of(shape).elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextBoolean() ? random.nextInt(-8, 9) / 4f : (float) random.nextGaussian();
        }
        return new Tensor.Floats(Shape.of(shape), values);
    }

    /** The product scaled back to reals, with a scale per channel. */
    ValueId dense(ValueId x, Activations activations, Weights weights, int channels) {
        Codes codes = quantize(x, activations);
        ValueId product = add(new Operation.Dense(codes.value(), codes.zero(),
                weights(weights, channels, builder.type(x).shape().channels())));
        return rescale(product, codes, channels);
    }

    ValueId rescale(ValueId product, Codes codes, int channels) {
        return add(new Operation.Rescale(product, codes.scale(), Optional.of(builder.constant(floats(channels)))));
    }

    ValueId affine(ValueId x) {
        int channels = builder.type(x).shape().channels();
        return add(new Operation.Affine(x, builder.constant(floats(channels)), builder.constant(floats(channels))));
    }

    void output(String name, ValueId value) {
        builder.output(name, value, List.of());
    }

    Graph build() {
        return builder.build();
    }

    /** Random tensors of the graph's inputs. */
    static List<Tensor> inputs(Graph graph, Random random) {
        KernelModels models = new KernelModels(random.nextLong());
        return graph.inputs().stream().map(id -> {
            TensorType type = graph.nodes().stream().filter(n -> n.id().equals(id)).findFirst().orElseThrow().type();
            return switch (type.element()) {
                case ElementType.F32 f -> models.floats(type.shape().toArray());
                case ElementType.Code code -> models.integers(type.shape(), code.lowest(), code.highest());
                case ElementType.StepIndex step -> models.integers(type.shape(), 0, step.count() - 1);
                case ElementType.Accumulator a -> throw new IllegalArgumentException("input " + type);
            };
        }).map(Tensor.class::cast).toList();
    }

    private Tensor integers(Shape shape, int low, int high) {
        return new Tensor.Integers(shape,
                random.ints(shape.elements(), low, high + 1).toArray());
    }
}
