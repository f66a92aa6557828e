package dev.tern.cli.report;

import dev.tern.cli.output.HtmlReport;
import java.util.Locale;

/** Pairs of numbers as points, first to the right and second upwards. */
public final class PointPlot {
    private static final int SIZE = 240;
    private static final int AXIS = 16;
    /** Of more points these many are drawn, evenly spread. */
    private static final int MOST = 1000;
    private static final double ROOM = 0.1;

    private PointPlot() {
    }

    /** What part of the plane is drawn. */
    public record Frame(double left, double right, double low, double high) {
        /** Around all points, with a tenth of room on every side. @param points x and y in turn, finite */
        public static Frame around(float[] points) {
            double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
            double[] most = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
            for (int i = 0; i < points.length; i++) {
                if (Float.isFinite(points[i])) {
                    least[i % 2] = Math.min(least[i % 2], points[i]);
                    most[i % 2] = Math.max(most[i % 2], points[i]);
                }
            }
            double[] room = {ROOM * (most[0] - least[0]), ROOM * (most[1] - least[1])};
            return new Frame(least[0] - room[0], most[0] + room[0], least[1] - room[1], most[1] + room[1]);
        }

        /** Whether a point lies in it; one that is not finite does not. */
        public boolean holds(float x, float y) {
            return x >= left && x <= right && y >= low && y <= high;
        }
    }

    /**
     * Points in a frame; those outside are left out.
     *
     * @param name what it is of, for those who do not see it
     * @param points x and y in turn
     */
    public static String cloud(String name, float[] points, Frame frame) {
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
                "<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
                        + "<path class=\"axis\" d=\"M0 0 V%d H%d\"/>",
                SIZE, SIZE, HtmlReport.escaped(name), SIZE, SIZE));
        double across = unit(frame.left, frame.right);
        double up = unit(frame.low, frame.high);
        int stride = 2 * Math.max(1, (points.length / 2 + MOST - 1) / MOST);
        for (int i = 0; i + 1 < points.length; i += stride) {
            if (frame.holds(points[i], points[i + 1])) {
                svg.append(point((points[i] - frame.left) * across, SIZE - (points[i + 1] - frame.low) * up));
            }
        }
        return svg.append("</svg>").toString();
    }

    private static double unit(double low, double high) {
        return high > low ? SIZE / (high - low) : 0;
    }

    private static String point(double x, double y) {
        return String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"1.6\"/>", x, y);
    }

    /**
     * Of numbers that are to be alike, with the line on which they are; those that are not finite are left out.
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
        double unit = unit(low, high);
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
                "<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
                        + "<path class=\"axis\" d=\"M0 0 V%d H%d M0 %d L%d 0\"/>",
                SIZE, SIZE + AXIS, HtmlReport.escaped(name), SIZE, SIZE, SIZE, SIZE));
        int stride = Math.max(1, (first.length + MOST - 1) / MOST);
        for (int i = 0; i < first.length; i += stride) {
            if (Float.isFinite(first[i]) && Float.isFinite(second[i])) {
                svg.append(point((first[i] - low) * unit, SIZE - (second[i] - low) * unit));
            }
        }
        return svg.append(String.format(Locale.ROOT,
                "<text x=\"0\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text></svg>",
                SIZE + AXIS - 3, Histogram.text(low), SIZE, SIZE + AXIS - 3, Histogram.text(high))).toString();
    }
}
