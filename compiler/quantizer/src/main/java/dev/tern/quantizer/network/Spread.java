package dev.tern.quantizer.network;

/** Where values lie: three standard deviations about their mean, no further than the values go. */
record Spread(float low, float high) {
    static Spread of(float[] values, int from, int to) {
        double sum = 0;
        double squares = 0;
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            sum += values[i];
            squares += (double) values[i] * values[i];
            least = Math.min(least, values[i]);
            greatest = Math.max(greatest, values[i]);
        }
        double mean = sum / (to - from);
        double reach = 3 * Math.sqrt(Math.max(squares / (to - from) - mean * mean, 0));
        return new Spread((float) Math.max(least, mean - reach), (float) Math.min(greatest, mean + reach));
    }

    /** The greater magnitude of both ends. */
    float magnitude() {
        return Math.max(Math.abs(low), Math.abs(high));
    }
}
