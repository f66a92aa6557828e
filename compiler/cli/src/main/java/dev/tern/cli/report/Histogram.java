package dev.tern.cli.report;

import dev.tern.cli.output.HtmlReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How often numbers of equal ranges occur.
 *
 * @param low where the first range begins
 * @param high where the last one ends
 * @param counts of each range
 * @param others numbers that are not finite, and in none
 */
public record Histogram(double low, double high, long[] counts, long others) {
    private static final int BINS = 40;
    private static final int WIDTH = 240;
    private static final int HEIGHT = 80;
    private static final int AXIS = 16;

    /** Gathers the numbers; the ranges are known with the last of them. */
    public static final class Counter {
        private final List<float[]> kept = new ArrayList<>();

        /** Takes numbers in. */
        public void add(float[] values) {
            kept.add(values);
        }

        /** Of all numbers so far. */
        public Histogram histogram() {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (float[] values : kept) {
                for (float value : values) {
                    if (Float.isFinite(value)) {
                        low = Math.min(low, value);
                        high = Math.max(high, value);
                    }
                }
            }
            long[] counts = new long[BINS];
            long others = 0;
            double width = high > low ? (high - low) / BINS : 1;
            for (float[] values : kept) {
                for (float value : values) {
                    if (Float.isFinite(value)) {
                        counts[Math.clamp((long) ((value - low) / width), 0, BINS - 1)]++;
                    } else {
                        others++;
                    }
                }
            }
            return new Histogram(low <= high ? low : 0, low <= high ? high : 0, counts, others);
        }
    }

    /** A drawing. @param name what it is of, for those who do not see it */
    public String svg(String name) {
        long most = 1;
        for (long count : counts) {
            most = Math.max(most, count);
        }
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
                "<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", WIDTH, HEIGHT + AXIS,
                HtmlReport.escaped(name + ", from " + text(low) + " to " + text(high))));
        double bar = (double) WIDTH / BINS;
        for (int i = 0; i < counts.length; i++) {
            double height = (double) counts[i] / most * HEIGHT;
            if (counts[i] > 0) {
                svg.append(String.format(Locale.ROOT,
                        "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>", i * bar,
                        HEIGHT - Math.max(1, height), bar - 0.5, Math.max(1, height)));
            }
        }
        svg.append(String.format(Locale.ROOT, "<path class=\"axis\" d=\"M0 %d H%d\"/>", HEIGHT, WIDTH));
        if (low < 0 && high > 0) {
            svg.append(String.format(Locale.ROOT, "<path class=\"axis\" d=\"M%.2f 0 V%d\"/>",
                    -low / (high - low) * WIDTH, HEIGHT));
        }
        svg.append(String.format(Locale.ROOT,
                "<text x=\"0\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text></svg>",
                HEIGHT + AXIS - 3, text(low), WIDTH, HEIGHT + AXIS - 3, text(high)));
        return svg.toString();
    }

    static String text(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }
}
