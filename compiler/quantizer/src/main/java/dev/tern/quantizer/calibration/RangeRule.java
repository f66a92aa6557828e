package dev.tern.quantizer.calibration;

import dev.tern.compiler.graph.Grid;
import java.util.Arrays;
import java.util.Locale;

/** How a range follows from the values seen. */
public enum RangeRule {
    /** From the least value to the greatest. */
    MINMAX,
    /** Between two percentiles, by linear interpolation; half of what is left out lies at each end. */
    PERCENTILE,
    /** The one of {@value #CANDIDATES} parts of the whole range whose codes have the least mean squared error. */
    MSE,
    /** The part of the whole range whose codes keep the most of the distribution, see {@link Divergence}. */
    ENTROPY;

    static final int CANDIDATES = 100;
    private static final double PERCENT = 100;

    /** As it is written on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The range.
     *
     * @param values finite, at least one
     * @param whole from the least value to the greatest, and 0
     * @param percentile 50..100, of {@link #PERCENTILE}
     */
    Range find(float[] values, Range whole, Grid grid, double percentile) {
        return switch (this) {
            case MINMAX -> whole;
            case PERCENTILE -> percentile(values, percentile);
            case MSE -> least(whole, range -> Noise.of(values, range, grid).error());
            case ENTROPY -> {
                Divergence divergence = new Divergence(values, whole);
                yield least(whole, range -> divergence.of(range, 1 << grid.code().bits()));
            }
        };
    }

    private static Range percentile(float[] values, double percentile) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        double outside = (PERCENT - percentile) / 2 / PERCENT;
        return Range.holdingZero(quantile(sorted, outside), quantile(sorted, 1 - outside));
    }

    private static double quantile(float[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * ((double) sorted[above] - sorted[below]);
    }

    /** What is to be small. */
    private interface Cost {
        double of(Range range);
    }

    /** Of ranges that are as good the widest. */
    private static Range least(Range whole, Cost cost) {
        Range best = whole;
        double least = cost.of(whole);
        for (int part = CANDIDATES - 1; part > 0; part--) {
            Range range = whole.times((double) part / CANDIDATES);
            double found = cost.of(range);
            if (found < least) {
                least = found;
                best = range;
            }
        }
        return best;
    }
}
