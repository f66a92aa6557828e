package dev.tern.compiler.graph.conversion;

import java.util.Optional;

/**
 * What integers x are rescaled by, channel by channel, so that {@code R(x + bias[c])} is {@code factor[c] * x +
 * shift[c]} on another scale.
 *
 * @param factors beside the integers' scale, in f32; empty where all are 1
 * @param bias whole numbers, in f32; empty where all are 0
 */
record ChannelNumbers(Optional<float[]> factors, Optional<float[]> bias) {
    /** Biases are no greater: 32 bits hold their sums with integers. */
    private static final double MOST_BIAS = 1 << 30;
    /** A channel whose integers change what comes out by less has one result, that of its shift. */
    private static final double NOTHING = 0.25;
    private static final double INTS = 1L << 31;

    /**
     * The numbers; nothing where 32 bits do not hold what is between.
     *
     * @param most the greatest magnitude of the integers
     * @param scale what 1 of them stands for
     * @param offset that is added to them first
     * @param unit what 1 of the results stands for
     */
    static Optional<ChannelNumbers> of(double most, double scale, int offset, RealSteps steps, int channels,
            double unit) {
        boolean one = steps.factors().length == 1 && steps.factors()[0] == 1 && steps.shifts()[0] == 0;
        float[] factors = new float[channels];
        float[] bias = new float[channels];
        boolean biased = false;
        for (int c = 0; c < channels; c++) {
            double factor = steps.factors()[steps.factors().length == 1 ? 0 : c];
            double shift = steps.shifts()[steps.shifts().length == 1 ? 0 : c];
            factors[c] = (float) factor;
            if ((most + Math.abs(offset)) * Math.abs(scale * factors[c] / unit) < NOTHING) {
                factors[c] = (float) (shift / (scale * MOST_BIAS));
                bias[c] = shift == 0 ? 0 : (float) MOST_BIAS;
            } else {
                bias[c] = (float) (Math.floor(shift / (scale * factors[c]) + 0.5) + offset);
            }
            double greatest = most + Math.abs((double) bias[c]);
            if (!(Math.abs(bias[c]) <= MOST_BIAS) || greatest >= INTS
                    || !(greatest * Math.abs(scale * factors[c] / unit) < INTS / 2)) {
                return Optional.empty();
            }
            biased |= bias[c] != 0;
        }
        return Optional.of(new ChannelNumbers(one ? Optional.empty() : Optional.of(factors),
                biased ? Optional.of(bias) : Optional.empty()));
    }
}
