package dev.tern.compiler.graph.meaning;

import static dev.tern.compiler.graph.meaning.Meaning.floats;

import dev.tern.compiler.graph.Operation.ActivationFunction;
import dev.tern.compiler.graph.Operation.Elementwise;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.util.List;

/** Operations on f32 values, every step rounded once. */
final class Reals {
    private Reals() {
    }

    static Tensor.Floats batchNorm(double epsilon, List<Tensor> operands) {
        float[] scale = NormArithmetic.scale(floats(operands, 1).values(), floats(operands, 4).values(), epsilon);
        float[] shift = NormArithmetic.shift(floats(operands, 2).values(), floats(operands, 3).values(), scale);
        return affine(floats(operands, 0), Tensor.of(scale), Tensor.of(shift));
    }

    static Tensor.Floats affine(Tensor.Floats x, Tensor.Floats scale, Tensor.Floats shift) {
        float[] result = new float[x.values().length];
        for (int i = 0; i < result.length; i++) {
            int channel = i % x.shape().channels();
            float scaled = scale.values()[channel] * x.values()[i];
            result[i] = scaled + shift.values()[channel];
        }
        return new Tensor.Floats(x.shape(), result);
    }

    static Tensor.Floats prelu(Tensor.Floats x, Tensor.Floats slope) {
        float[] result = new float[x.values().length];
        for (int i = 0; i < result.length; i++) {
            float value = x.values()[i];
            result[i] = value >= 0 ? value : slope.values()[i % x.shape().channels()] * value;
        }
        return new Tensor.Floats(x.shape(), result);
    }

    static Tensor.Floats elementwise(Elementwise.Function function, Shape result, Tensor.Floats left,
            Tensor.Floats right) {
        float[] values = new float[result.elements()];
        for (int i = 0; i < values.length; i++) {
            float a = left.values()[broadcast(i, result, left.shape())];
            float b = right.values()[broadcast(i, result, right.shape())];
            values[i] = switch (function) {
                case ADD -> a + b;
                case SUBTRACT -> a - b;
                case MULTIPLY -> a * b;
            };
        }
        return new Tensor.Floats(result, values);
    }

    /** The element of a stretched operand that stands at element i of the result. */
    private static int broadcast(int i, Shape result, Shape operand) {
        int index = 0;
        int stride = 1;
        int rest = i;
        for (int fromLast = 1; fromLast <= operand.rank(); fromLast++) {
            int size = result.dimension(result.rank() - fromLast);
            int own = operand.dimension(operand.rank() - fromLast);
            index += stride * (own == 1 ? 0 : rest % size);
            stride *= own;
            rest /= size;
        }
        return index;
    }

    static Tensor.Floats activation(ActivationFunction function, Tensor.Floats x) {
        float[] result = new float[x.values().length];
        for (int i = 0; i < result.length; i++) {
            result[i] = activation(function, x.values()[i]);
        }
        return new Tensor.Floats(x.shape(), result);
    }

    private static float activation(ActivationFunction function, float value) {
        double x = value;
        return switch (function) {
            case RELU -> Math.max(value, 0f);
            case SIGMOID -> (float) (1 / (1 + StrictMath.exp(-x)));
            case TANH -> (float) StrictMath.tanh(x);
            case SILU -> (float) (x / (1 + StrictMath.exp(-x)));
            case GELU ->
                (float) (0.5 * x * (1 + StrictMath.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * (x * x * x)))));
        };
    }

    static Tensor.Floats clip(Tensor.Floats x, float low, float high) {
        float[] result = new float[x.values().length];
        for (int i = 0; i < result.length; i++) {
            float value = x.values()[i];
            result[i] = value < low ? low : value > high ? high : value;
        }
        return new Tensor.Floats(x.shape(), result);
    }

    static Tensor.Floats softmax(Tensor.Floats x) {
        int length = x.shape().channels();
        float[] result = new float[x.values().length];
        for (int start = 0; start < result.length; start += length) {
            float greatest = Float.NEGATIVE_INFINITY;
            for (int i = start; i < start + length; i++) {
                greatest = Math.max(greatest, x.values()[i]);
            }
            float sum = 0;
            for (int i = start; i < start + length; i++) {
                float below = x.values()[i] - greatest;
                result[i] = (float) StrictMath.exp(below);
                sum += result[i];
            }
            for (int i = start; i < start + length; i++) {
                result[i] /= sum;
            }
        }
        return new Tensor.Floats(x.shape(), result);
    }
}
