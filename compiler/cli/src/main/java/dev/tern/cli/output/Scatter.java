package dev.tern.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Points in the plane as characters, the more of them the darker. */
public final class Scatter {
    private static final int WIDTH = 64;
    private static final int HEIGHT = 28;
    /** Of each coordinate, at either end: points far from all others would leave no room for these. */
    private static final double LEFT_OUT = 0.01;
    private static final String SHADES = " .:*#@";

    private Scatter() {
    }

    /** Lines, the greatest y first. @param points x and y in turn; a hundredth at each end of either is left out */
    public static List<String> lines(float[] points) {
        float[] x = sorted(points, 0);
        float[] y = sorted(points, 1);
        if (x.length == 0 || y.length == 0) {
            return List.of();
        }
        float[] low = {x[(int) (LEFT_OUT * x.length)], y[(int) (LEFT_OUT * y.length)]};
        float[] high = {x[x.length - 1 - (int) (LEFT_OUT * x.length)], y[y.length - 1 - (int) (LEFT_OUT * y.length)]};
        int[][] counts = new int[HEIGHT][WIDTH];
        for (int i = 0; i + 1 < points.length; i += 2) {
            if (points[i] >= low[0] && points[i] <= high[0] && points[i + 1] >= low[1] && points[i + 1] <= high[1]) {
                int column = place(points[i], low[0], high[0], WIDTH);
                int row = HEIGHT - 1 - place(points[i + 1], low[1], high[1], HEIGHT);
                counts[row][column]++;
            }
        }
        List<String> lines = new ArrayList<>();
        for (int[] row : counts) {
            StringBuilder line = new StringBuilder();
            Arrays.stream(row).forEach(count -> line.append(SHADES.charAt(Math.min(count, SHADES.length() - 1))));
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** The finite ones of one coordinate. */
    private static float[] sorted(float[] points, int coordinate) {
        float[] values = new float[points.length / 2];
        int count = 0;
        for (int i = coordinate; i < points.length; i += 2) {
            if (Float.isFinite(points[i])) {
                values[count++] = points[i];
            }
        }
        float[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private static int place(float value, float low, float high, int cells) {
        return high > low ? Math.min(cells - 1, (int) ((value - low) / (high - low) * cells)) : 0;
    }
}
