package dev.tern.quantizer.calibration;

/**
 * What one quantizer meets in one sample.
 *
 * @param sample its index
 * @param values some or all of them, evenly spread
 * @param whole the least and the greatest of all, and 0
 */
record Observation(int sample, float[] values, Range whole) {
    /** Keeps every {@code stride}-th value. */
    static Observation of(int sample, float[] all, int stride) {
        float low = 0;
        float high = 0;
        for (float x : all) {
            low = Math.min(low, x);
            high = Math.max(high, x);
        }
        float[] kept = new float[(all.length + stride - 1) / stride];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = all[i * stride];
        }
        return new Observation(sample, kept, new Range(low, high));
    }

    float magnitude() {
        return Math.max(-whole.low(), whole.high());
    }
}
