package dev.tern.compiler.graph;

import dev.tern.compiler.graph.formula.FixedPoint;
import java.util.Locale;
import java.util.Optional;

/**
 * How integers on one scale become codes on another, by integers alone: times
 * {@code FixedPoint.of(inputScale * weightScale / outputScale)}, plus the zero point, held to lowest..highest.
 *
 * @param inputScale what 1 of the integers stands for, up to the scale of weights
 * @param outputScale what 1 of the codes stands for
 * @param rounding of the product
 * @param zero the code that stands for 0
 * @param lowest the least code; greater than that of the type behind a relu
 * @param highest the greatest code
 */
public record Requantization(double inputScale, double outputScale, FixedPoint.Rounding rounding,
        ElementType.Code code, int zero, int lowest, int highest) {
    /** The factor of integers without weights, or with one scale for all weights. */
    private FixedPoint factor() {
        return FixedPoint.of(inputScale / outputScale, rounding);
    }

    /**
     * The factor of a channel.
     *
     * @param shared whether all weights have this scale; its product with the input's is rounded to f32 then
     */
    private double factor(float weightScale, boolean shared) {
        double product = shared ? (float) inputScale * weightScale : inputScale * weightScale;
        return product / outputScale;
    }

    /** Whether all factors are below 2^30, so that fixed-point numbers hold them. @param weightScales as in factors */
    public boolean expresses(float[] weightScales) {
        for (float scale : weightScales) {
            if (!(factor(scale, weightScales.length == 1) < 1L << FixedPoint.BITS - 1)) {
                return false;
            }
        }
        return true;
    }

    /** The factors of all channels, or one for all. @param weightScales one, or one per channel */
    public FixedPoint[] factors(Optional<float[]> weightScales) {
        if (weightScales.isEmpty()) {
            return new FixedPoint[]{factor()};
        }
        float[] scales = weightScales.get();
        FixedPoint[] factors = new FixedPoint[scales.length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = FixedPoint.of(factor(scales[i], factors.length == 1), rounding);
        }
        return factors;
    }

    /** Whole numbers that stand in f32, as biases and tables do. */
    public static int[] whole(float[] values) {
        int[] whole = new int[values.length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = Math.round(values[i]);
        }
        return whole;
    }

    /** The code of an integer. */
    public int code(int x, FixedPoint factor) {
        int scaled = factor.times(x, rounding);
        return Math.max(lowest - zero, Math.min(highest - zero, scaled)) + zero;
    }

    @Override
    public String toString() {
        return code + " " + lowest + ".." + highest + " zero " + zero + " scale " + outputScale + " from " + inputScale
                + " " + rounding.name().toLowerCase(Locale.ROOT);
    }
}
