package dev.tern.importers.tflite.judge;

/**
 * An accumulator's way to a code, by a multiplier of 31 bits and a shift, with the two roundings of TFLite's default
 * build.
 *
 * @param multiplier 2^30..2^31 - 1, or 0
 * @param shift to the left; negative ones go to the right
 */
record Requantization(int multiplier, int shift) {
    static Requantization of(double factor) {
        if (factor == 0) {
            return new Requantization(0, 0);
        }
        int exponent = Math.getExponent(factor) + 1;
        double fraction = factor / Math.pow(2, exponent);
        long rounded = (long) Math.floor(fraction * (1L << 31) + 0.5);
        if (rounded == 1L << 31) {
            rounded /= 2;
            exponent++;
        }
        return exponent < -31 ? new Requantization(0, 0) : new Requantization((int) rounded, exponent);
    }

    int apply(int accumulator) {
        int left = Math.max(shift, 0);
        int right = Math.max(-shift, 0);
        return divideByPowerOfTwo(highHalf(accumulator << left, multiplier), right);
    }

    /** The product's high half, doubled and rounded. */
    private static int highHalf(int a, int b) {
        if (a == Integer.MIN_VALUE && b == Integer.MIN_VALUE) {
            return Integer.MAX_VALUE;
        }
        long product = (long) a * b;
        long nudge = product >= 0 ? 1L << 30 : 1 - (1L << 30);
        return (int) ((product + nudge) / (1L << 31));
    }

    private static int divideByPowerOfTwo(int value, int exponent) {
        int mask = (int) ((1L << exponent) - 1);
        int remainder = value & mask;
        int threshold = (mask >> 1) + (value < 0 ? 1 : 0);
        return (value >> exponent) + (remainder > threshold ? 1 : 0);
    }
}
