package dev.tern.compiler.graph.meaning;

import static dev.tern.compiler.graph.meaning.Meaning.floats;
import static dev.tern.compiler.graph.meaning.Meaning.integers;

import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/** Reals (or accumulators) to codes, and back. */
final class Quantizers {
    private Quantizers() {
    }

    static Tensor.Floats measureRange(Tensor.Floats x, boolean perRow) {
        int rows = perRow ? x.shape().rows() : 1;
        int length = x.values().length / rows;
        float[] ranges = new float[2 * rows];
        for (int row = 0; row < rows; row++) {
            float low = Float.POSITIVE_INFINITY;
            float high = Float.NEGATIVE_INFINITY;
            for (int i = row * length; i < (row + 1) * length; i++) {
                low = Math.min(low, x.values()[i]);
                high = Math.max(high, x.values()[i]);
            }
            ranges[2 * row] = low;
            ranges[2 * row + 1] = high;
        }
        return new Tensor.Floats(perRow ? Shape.of(rows, 2) : Shape.of(2), ranges);
    }

    static Tensor.Floats rangeScale(Tensor.Floats ranges, Grid grid) {
        float[] scales = new float[ranges.values().length / 2];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = RangeArithmetic.scale(grid, ranges.values()[2 * i], ranges.values()[2 * i + 1]);
        }
        return new Tensor.Floats(outer(ranges.shape()), scales);
    }

    static Tensor.Integers rangeZero(Tensor.Floats ranges, Grid grid) {
        int[] zeros = new int[ranges.values().length / 2];
        for (int i = 0; i < zeros.length; i++) {
            float low = ranges.values()[2 * i];
            float scale = RangeArithmetic.scale(grid, low, ranges.values()[2 * i + 1]);
            zeros[i] = RangeArithmetic.zero(grid, low, scale);
        }
        return new Tensor.Integers(outer(ranges.shape()), zeros);
    }

    static Tensor.Integers quantize(Grid grid, List<Tensor> operands) {
        Tensor.Floats x = floats(operands, 0);
        float[] scale = floats(operands, 1).values();
        int[] zero = operands.size() > 2 ? integers(operands, 2).values() : new int[1];
        int[] codes = new int[x.values().length];
        for (int i = 0; i < codes.length; i++) {
            int row = i / x.shape().channels();
            codes[i] = RangeArithmetic.code(x.values()[i], scale[row % scale.length], zero[row % zero.length],
                    grid);
        }
        return new Tensor.Integers(x.shape(), codes);
    }

    /** {@code clamp(rint(x) + zero, lowest, highest)}; the sum is exact in double wherever it is not clamped. */
    static int saturate(float x, int zero, Grid grid) {
        return (int) Math.max(grid.lowest(), Math.min(grid.highest(), Math.rint(x) + zero));
    }

    static Tensor.Floats dequantize(List<Tensor> operands) {
        Tensor.Integers codes = integers(operands, 0);
        float[] scale = floats(operands, 1).values();
        int[] zero = operands.size() > 2 ? integers(operands, 2).values() : new int[1];
        float[] result = new float[codes.values().length];
        for (int i = 0; i < result.length; i++) {
            int row = i / codes.shape().channels();
            result[i] = scale[row % scale.length] * (float) (codes.values()[i] - zero[row % zero.length]);
        }
        return new Tensor.Floats(codes.shape(), result);
    }

    static Tensor.Integers sign(Tensor.Floats x) {
        int[] codes = new int[x.values().length];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = x.values()[i] >= 0 ? 1 : -1;
        }
        return new Tensor.Integers(x.shape(), codes);
    }

    static Tensor.Integers ternarize(Tensor.Floats x, float threshold) {
        int[] codes = new int[x.values().length];
        for (int i = 0; i < codes.length; i++) {
            float value = x.values()[i];
            codes[i] = value > threshold ? 1 : value < -threshold ? -1 : 0;
        }
        return new Tensor.Integers(x.shape(), codes);
    }

    static Tensor.Integers threshold(Operation.Threshold threshold, List<Tensor> operands) {
        Tensor x = operands.get(0);
        int levels = operands.get(1).shape().dimension(1);
        int rows = operands.get(1).shape().dimension(0);
        int[] directions = integers(operands, 2).values();
        int[] codes = new int[x.shape().elements()];
        for (int i = 0; i < codes.length; i++) {
            int channel = i % x.shape().channels();
            int direction = directions[channel % directions.length];
            int row = channel % rows;
            int reached = 0;
            for (int level = row * levels; level < (row + 1) * levels; level++) {
                reached += reaches(x, i, direction, operands.get(1), level) ? 1 : 0;
            }
            codes[i] = threshold.base() + threshold.step() * reached;
        }
        return new Tensor.Integers(x.shape(), codes);
    }

    private static boolean reaches(Tensor x, int i, int direction, Tensor thresholds, int level) {
        return switch (x) {
            case Tensor.Floats floats -> direction * floats.values()[i] >= ((Tensor.Floats) thresholds).values()[level];
            case Tensor.Integers integers ->
                (long) direction * integers.values()[i] >= ((Tensor.Integers) thresholds).values()[level];
        };
    }

    /** The shape without its last dimension. */
    static Shape outer(Shape shape) {
        return Shape.of(Arrays.copyOf(shape.toArray(), shape.rank() - 1));
    }
}
