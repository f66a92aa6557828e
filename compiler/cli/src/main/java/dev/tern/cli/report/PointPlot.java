package dev.tern.cli.report;

import dev.tern.cli.output.HtmlReport;
import java.util.Locale;

/** Pairs of numbers as points, first to the right and second upwards, with the line on which both are alike. */
public final class PointPlot {
    private static final int SIZE = 240;
    private static final int AXIS = 16;
    /** Of more points these many are drawn, evenly spread. */
    private static final int MOST = 1000;

    private PointPlot() {
    }

    /**
     * A drawing; numbers that are not finite are left out.
     *
     * @param name what it is of, for those who do not see it
     */
    public static String svg(String name, float[] first, float[] second) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (float[] values : new float[][]{first, second}) {
            for (float value : values) {
                low = Float.isFinite(value) ? Math.min(low, value) : low;
                high = Float.isFinite(value) ? Math.max(high, value) : high;
            }
        }
        double unit = high > low ? SIZE / (high - low) : 0;
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
                "<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
                        + "<path class=\"axis\" d=\"M0 0 V%d H%d M0 %d L%d 0\"/>",
                SIZE, SIZE + AXIS, HtmlReport.escaped(name), SIZE, SIZE, SIZE, SIZE));
        int stride = Math.max(1, (first.length + MOST - 1) / MOST);
        for (int i = 0; i < first.length; i += stride) {
            if (Float.isFinite(first[i]) && Float.isFinite(second[i])) {
                svg.append(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"1.6\"/>",
                        (first[i] - low) * unit, SIZE - (second[i] - low) * unit));
            }
        }
        return svg.append(String.format(Locale.ROOT,
                "<text x=\"0\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text></svg>",
                SIZE + AXIS - 3, Histogram.text(low), SIZE, SIZE + AXIS - 3, Histogram.text(high))).toString();
    }
}
