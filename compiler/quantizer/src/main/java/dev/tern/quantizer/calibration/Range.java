package dev.tern.quantizer.calibration;

/** The reals that a static quantizer tells apart. @param low at most 0 @param high at least 0 */
public record Range(float low, float high) {
    /** A range widened to hold 0, which every grid has a code for. */
    static Range holdingZero(double low, double high) {
        return new Range((float) Math.min(low, 0), (float) Math.max(high, 0));
    }

    /** Both ends times a factor. */
    Range times(double factor) {
        return new Range((float) (low * factor), (float) (high * factor));
    }

    boolean contains(float x) {
        return x >= low && x <= high;
    }
}
