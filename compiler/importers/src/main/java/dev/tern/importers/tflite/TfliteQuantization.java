package dev.tern.importers.tflite;

/**
 * What integers stand for: real = scale * (code - zero).
 *
 * @param scales none for a tensor that is not quantized, one, or one for each index of the axis
 * @param zeros as many
 * @param axis that has scales of its own
 */
record TfliteQuantization(float[] scales, long[] zeros, int axis) {
    static final TfliteQuantization NONE = new TfliteQuantization(new float[0], new long[0], 0);

    boolean present() {
        return scales.length > 0;
    }

    float scale() {
        return scales[0];
    }

    int zero() {
        return (int) zeros[0];
    }
}
