package dev.tern.compiler.graph;

import dev.tern.compiler.graph.formula.FixedPoint;
import java.util.Optional;

/**
 * From one scale of integers to another.
 *
 * @param input what 1 of the integers stands for, up to factors of channels
 * @param output what 1 stands for then
 */
public record ScaleRatio(double input, double output) {
    /** Whether all factors are below 2^30, so that fixed-point numbers hold them. @param channels factors of each */
    public boolean expresses(float[] channels) {
        for (float factor : channels) {
            if (!(Math.abs(input * factor / output) < 1L << FixedPoint.BITS - 1)) {
                return false;
            }
        }
        return true;
    }

    /** The factors of all channels, or one for all. @param channels factors of each, f32 */
    public FixedPoint[] factors(Optional<float[]> channels, FixedPoint.Rounding rounding) {
        float[] all = channels.orElse(new float[]{1});
        FixedPoint[] factors = new FixedPoint[all.length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = FixedPoint.of(input * all[i] / output, rounding);
        }
        return factors;
    }

    @Override
    public String toString() {
        return input + " to " + output;
    }
}
