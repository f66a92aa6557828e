package dev.tern.compiler.testing;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import java.util.List;
import java.util.Random;

/** Tensors whose elements meet on purpose: ties, zeros of both signs, equal neighbours. */
public final class RandomTensors {
    private final Random random;

    public RandomTensors(Random random) {
        this.random = random;
    }

    /** Multiples of a quarter within -2..2 mixed with numbers of no pattern. */
    public Tensor.Floats floats(Shape shape) {
        float[] values = new float[shape.elements()];
        boolean patterned = random.nextBoolean();
        for (int i = 0; i < values.length; i++) {
            values[i] = patterned || random.nextInt(4) == 0 ? quarter(8) : (float) random.nextGaussian();
        }
        return new Tensor.Floats(shape, values);
    }

    /** A multiple of 1/4 within -limit/4..limit/4; zeros come with either sign. */
    float quarter(int limit) {
        int quarters = random.nextInt(2 * limit + 1) - limit;
        return quarters == 0 && random.nextBoolean() ? -0f : quarters / 4f;
    }

    /**
     * Gammas, slopes and the like: powers of two (so that ties stay ties), zeros, negatives, and others; at times none
     * is negative.
     */
    Tensor.Floats factors(int count) {
        float[] values = new float[count];
        boolean rising = random.nextInt(3) == 0;
        for (int i = 0; i < count; i++) {
            float factor = switch (random.nextInt(6)) {
                case 0 -> 0f;
                case 1 -> -1f;
                case 2 -> 0.5f;
                case 3 -> -0.25f;
                case 4 -> 1f;
                default -> (float) random.nextGaussian();
            };
            values[i] = rising ? Math.abs(factor) : factor;
        }
        return new Tensor.Floats(Shape.of(count), values);
    }

    Tensor.Floats positive(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(3) == 0 ? 1f : 0.05f + random.nextFloat() * 3;
        }
        return new Tensor.Floats(Shape.of(count), values);
    }

    private Tensor.Integers integers(Shape shape, int low, int high) {
        int[] values = new int[shape.elements()];
        boolean extreme = random.nextInt(4) == 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = extreme ? random.nextBoolean() ? low : high : low + random.nextInt(high - low + 1);
        }
        return new Tensor.Integers(shape, values);
    }

    /** Inputs of a model: of no pattern, all zero, or great and small together. */
    public List<Tensor> inputs(Graph graph) {
        var definitions = graph.definitions();
        return graph.inputs().stream().map(id -> input(definitions.get(id).type())).toList();
    }

    private Tensor input(TensorType type) {
        return switch (type.element()) {
            case ElementType.F32 f32 -> switch (random.nextInt(6)) {
                case 0 -> new Tensor.Floats(type.shape(), new float[type.shape().elements()]);
                case 1 -> scaled(floats(type.shape()), 1e6f);
                case 2 -> scaled(floats(type.shape()), 1e-8f);
                default -> floats(type.shape());
            };
            case ElementType.Code code -> integers(type.shape(), code.lowest(), code.highest());
            case ElementType.StepIndex step -> integers(type.shape(), 0, step.count() - 1);
            case ElementType.Accumulator accumulator -> throw new IllegalArgumentException("an input " + type);
        };
    }

    private Tensor scaled(Tensor.Floats tensor, float factor) {
        float[] values = tensor.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] *= random.nextInt(3) == 0 ? factor : 1;
        }
        return new Tensor.Floats(tensor.shape(), values);
    }
}
