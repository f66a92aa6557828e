package dev.tern.quantizer.calibration;

/**
 * How much of a distribution codes lose: the Kullback-Leibler divergence of a histogram, what lies outside of a range
 * counted at its ends, from the same histogram with each code's bins levelled (Migacz, 8-bit Inference with TensorRT,
 * GTC 2017).
 */
final class Divergence {
    private static final int BINS = 2048;
    /** Stands for what a levelled histogram has none of. */
    private static final double SMALLEST = 1e-12;

    private final Range whole;
    private final double[] counts = new double[BINS];

    Divergence(float[] values, Range whole) {
        this.whole = whole;
        for (float x : values) {
            counts[bin(x)]++;
        }
    }

    private int bin(double x) {
        double width = (double) whole.high() - whole.low();
        return width == 0 ? 0 : (int) Math.clamp((x - whole.low()) / width * BINS, 0, BINS - 1);
    }

    double of(Range range, int levels) {
        int first = bin(range.low());
        int end = bin(range.high()) + 1;
        double[] inside = new double[end - first];
        double[] clipped = new double[end - first];
        for (int i = 0; i < BINS; i++) {
            int place = Math.clamp(i - first, 0, inside.length - 1);
            clipped[place] += counts[i];
            if (i >= first && i < end) {
                inside[place] = counts[i];
            }
        }
        return between(clipped, levelled(inside, levels));
    }

    /** Each of as many equal parts with its mean in every bin that is not empty. */
    static double[] levelled(double[] counts, int levels) {
        double[] result = new double[counts.length];
        for (int level = 0; level < levels; level++) {
            int first = (int) ((long) level * counts.length / levels);
            int end = (int) ((level + 1L) * counts.length / levels);
            double sum = 0;
            int filled = 0;
            for (int i = first; i < end; i++) {
                sum += counts[i];
                filled += counts[i] > 0 ? 1 : 0;
            }
            for (int i = first; i < end; i++) {
                result[i] = counts[i] > 0 ? sum / filled : 0;
            }
        }
        return result;
    }

    /** In nats; both are counts, not yet shares. */
    static double between(double[] p, double[] q) {
        double all = 0;
        double levelled = 0;
        for (int i = 0; i < p.length; i++) {
            all += p[i];
            levelled += q[i];
        }
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            if (p[i] > 0) {
                double share = p[i] / all;
                double other = levelled == 0 ? 0 : q[i] / levelled;
                sum += share * Math.log(share / Math.max(other, SMALLEST));
            }
        }
        return sum;
    }
}
