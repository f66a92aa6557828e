package dev.tern.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Points in the plane as characters, the more of them the darker. */
public final class Scatter {
    private static final int WIDTH = 64;
    private static final int HEIGHT = 28;
    private static final String SHADES = " .:*#@";

    private Scatter() {
    }

    /** Lines, the greatest y first. @param points x and y in turn; what is not finite is left out */
    public static List<String> lines(float[] points) {
        float[] low = {Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY};
        float[] high = {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
        for (int i = 0; i < points.length; i++) {
            if (Float.isFinite(points[i])) {
                low[i % 2] = Math.min(low[i % 2], points[i]);
                high[i % 2] = Math.max(high[i % 2], points[i]);
            }
        }
        int[][] counts = new int[HEIGHT][WIDTH];
        for (int i = 0; i + 1 < points.length; i += 2) {
            if (Float.isFinite(points[i]) && Float.isFinite(points[i + 1])) {
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

    private static int place(float value, float low, float high, int cells) {
        return high > low ? Math.min(cells - 1, (int) ((value - low) / (high - low) * cells)) : 0;
    }
}
