package dev.tern.compiler.graph.formula;

/**
 * A factor as a 31-bit mantissa and a power of two, {@code mantissa * 2^(shift - 31)}, and what it makes of
 * integers: how models that were converted to integers alone rescale accumulators. Source: B. Jacob et al.,
 * "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2018, and gemmlowp.
 *
 * @param mantissa 2^30 to 2^31 - 1, the negative of such a number, or 0
 * @param shift -31 to 30
 */
public record FixedPoint(int mantissa, int shift) {
    /** Bits of a mantissa. */
    public static final int BITS = 31;

    private static final FixedPoint ZERO = new FixedPoint(0, 0);
    private static final int SHORT_BITS = 15;

    /** Where a product with the mantissa is rounded. */
    public enum Rounding {
        /**
         * Twice: the product's upper half, halves up; then the division by a power of two, halves away from zero.
         */
        DOUBLE,
        /** Once, halves up. */
        SINGLE,
        /**
         * Once, halves up, the mantissa being rounded to 15 bits before: what TFLite does with sums of 64 bits, so that
         * no product is longer.
         */
        SHORT
    }

    /** The nearest to a factor, with as long a mantissa as a rounding has; otherwise as {@link #of(double)}. */
    public static FixedPoint of(double factor, Rounding rounding) {
        FixedPoint whole = of(factor);
        return switch (rounding) {
            case DOUBLE, SINGLE -> whole;
            case SHORT -> whole.shortened();
        };
    }

    private FixedPoint shortened() {
        int less = BITS - SHORT_BITS;
        int magnitude = Math.min((1 << SHORT_BITS) - 1, (int) ((Math.abs((long) mantissa) + (1L << less - 1)) >> less));
        return new FixedPoint(Integer.signum(mantissa) * (magnitude << less), shift);
    }

    /**
     * The nearest to a factor, halves away from zero. Factors under 2^-32 are 0. Products with a negative one are
     * rounded once.
     *
     * @throws IllegalArgumentException if it is no number, or 2^30 or more
     */
    public static FixedPoint of(double factor) {
        if (factor < 0) {
            FixedPoint positive = of(-factor);
            return new FixedPoint(-positive.mantissa, positive.shift);
        }
        if (!(factor >= 0) || factor >= 1L << BITS - 1) {
            throw new IllegalArgumentException("the factor " + factor);
        }
        if (factor == 0) {
            return ZERO;
        }
        int shift = Math.getExponent(factor) + 1;
        if (shift < -BITS) {
            return ZERO;
        }
        // Exact: a double has no more than 53 bits.
        long mantissa = (long) Math.floor(Math.scalb(factor, BITS - shift) + 0.5);
        if (mantissa == 1L << BITS) {
            mantissa /= 2;
            shift++;
        }
        return new FixedPoint((int) mantissa, shift);
    }

    /** How many bits an integer is shifted up before it is multiplied. */
    public int left() {
        return Math.max(shift, 0);
    }

    /** How many bits the upper half of the product is shifted down. */
    public int right() {
        return Math.max(-shift, 0);
    }

    /** An integer times the factor; what does not fit 32 bits wraps around. */
    public int times(int x, Rounding rounding) {
        return switch (rounding) {
            case DOUBLE -> {
                long product = (long) (x << left()) * mantissa;
                int high = (int) (product + (1L << BITS - 1) >> BITS);
                yield right() == 0
                        ? high
                        : (int) ((long) high + (1L << right() - 1) + (high >> Integer.SIZE - 1) >> right());
            }
            case SINGLE, SHORT -> (int) ((long) x * mantissa + (1L << BITS - 1 - shift) >> BITS - shift);
        };
    }
}
