package dev.tern.compiler.graph.meaning;

import static dev.tern.compiler.graph.meaning.Meaning.floats;

import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
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

    static Tensor.Floats elementwise(BinaryFunction function, Shape result, Tensor.Floats left,
            Tensor.Floats right) {
        float[] values = new float[result.elements()];
        for (int i = 0; i < values.length; i++) {
            float a = left.values()[broadcast(i, result, left.shape())];
            float b = right.values()[broadcast(i, result, right.shape())];
            values[i] = function.apply(a, b);
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

    static Tensor.Floats activation(ElementFunction function, Tensor.Floats x) {
        float[] result = new float[x.values().length];
        for (int i = 0; i < result.length; i++) {
            result[i] = function.apply(x.values()[i]);
        }
        return new Tensor.Floats(x.shape(), result);
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
            double sum = 0;
            for (int i = start; i < start + length; i++) {
                float below = x.values()[i] - greatest;
                result[i] = (float) StrictMath.exp(below);
                sum += result[i];
            }
            for (int i = start; i < start + length; i++) {
                result[i] = (float) (result[i] / sum);
            }
        }
        return new Tensor.Floats(x.shape(), result);
    }

    static Tensor.Floats rowStatistic(Operation.Statistic statistic, Tensor.Floats x, Shape result) {
        int length = x.shape().channels();
        float[] values = new float[result.elements()];
        for (int row = 0; row < values.length; row++) {
            double sum = 0;
            for (int i = row * length; i < (row + 1) * length; i++) {
                double value = x.values()[i];
                sum += switch (statistic) {
                    case MEAN -> value;
                    case MEAN_SQUARE -> value * value;
                };
            }
            values[row] = (float) (sum / length);
        }
        return new Tensor.Floats(result, values);
    }
}
