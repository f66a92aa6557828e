package dev.tern.cli.report;

import dev.tern.cli.output.HtmlReport;
import java.util.Locale;

/** Two rows of numbers as lines over one another: what is wanted, and what is given. */
public final class CurvePlot {
    private static final int WIDTH = 240;
    private static final int HEIGHT = 100;
    private static final int AXIS = 16;

    private CurvePlot() {
    }

    /**
     * A drawing.
     *
     * @param name what it is of, for those who do not see it
     * @param given as many as are wanted
     */
    public static String svg(String name, float[] wanted, float[] given) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (float[] values : new float[][]{wanted, given}) {
            for (float value : values) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }
        return String.format(Locale.ROOT,
                "<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
                        + "<path class=\"wanted\" d=\"%s\"/><path class=\"given\" d=\"%s\"/>"
                        + "<text x=\"0\" y=\"%d\">%s to %s</text></svg>",
                WIDTH, HEIGHT + AXIS, HtmlReport.escaped(name), path(wanted, low, high), path(given, low, high),
                HEIGHT + AXIS - 3, Histogram.text(low), Histogram.text(high));
    }

    private static String path(float[] values, double low, double high) {
        StringBuilder path = new StringBuilder();
        double across = (double) WIDTH / Math.max(1, values.length - 1);
        double unit = high > low ? HEIGHT / (high - low) : 0;
        for (int i = 0; i < values.length; i++) {
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : " L", i * across,
                    HEIGHT - (values[i] - low) * unit));
        }
        return path.toString();
    }
}
