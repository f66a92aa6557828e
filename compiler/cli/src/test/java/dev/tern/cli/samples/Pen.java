package dev.tern.cli.samples;

import java.util.ArrayList;
import java.util.List;

/**
 * Draws strokes as a felt pen would, and sets the drawing on a small page as MNIST does: its longer side 20 pixels, its
 * centre of mass in the middle of 28x28, white on black.
 */
final class Pen {
    static final int SIZE = 28;
    private static final double EXTENT = 20;
    private static final double RADIUS = 1.35;
    /** Points per stretch of a curve, and samples per pixel and direction: enough that neither shows. */
    private static final int FINENESS = 24;
    private static final int SAMPLES = 8;

    private final List<double[]> points = new ArrayList<>();

    private Pen(List<double[]> strokes) {
        for (double[] stroke : strokes) {
            curve(stroke);
        }
    }

    /** Brightness 0..255, row by row. */
    static byte[] draw(Digit digit) {
        Pen pen = new Pen(digit.strokes());
        pen.fit();
        double[] first = pen.render();
        pen.move(SIZE / 2.0 - centre(first, 0), SIZE / 2.0 - centre(first, 1));
        double[] coverage = pen.render();
        byte[] pixels = new byte[coverage.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.round(255 * coverage[i]);
        }
        return pixels;
    }

    /** A Catmull-Rom spline through the stroke's points, as segments x0, y0, x1, y1. */
    private void curve(double[] stroke) {
        int count = stroke.length / 2;
        double x = stroke[0];
        double y = stroke[1];
        for (int i = 0; i + 1 < count; i++) {
            for (int step = 1; step <= FINENESS; step++) {
                double t = (double) step / FINENESS;
                double nextX = spline(stroke, 0, i, count, t);
                double nextY = spline(stroke, 1, i, count, t);
                points.add(new double[]{x, y, nextX, nextY});
                x = nextX;
                y = nextY;
            }
        }
    }

    private static double spline(double[] stroke, int axis, int index, int count, double t) {
        double before = stroke[2 * Math.max(0, index - 1) + axis];
        double from = stroke[2 * index + axis];
        double to = stroke[2 * (index + 1) + axis];
        double after = stroke[2 * Math.min(count - 1, index + 2) + axis];
        return from + 0.5 * t * (to - before + t * (2 * before - 5 * from + 4 * to - after
                + t * (3 * (from - to) + after - before)));
    }

    private void fit() {
        double[] low = {Double.MAX_VALUE, Double.MAX_VALUE};
        double[] high = {-Double.MAX_VALUE, -Double.MAX_VALUE};
        for (double[] segment : points) {
            for (int i = 0; i < 4; i++) {
                low[i % 2] = Math.min(low[i % 2], segment[i]);
                high[i % 2] = Math.max(high[i % 2], segment[i]);
            }
        }
        double scale = (EXTENT - 2 * RADIUS) / Math.max(high[0] - low[0], high[1] - low[1]);
        for (double[] segment : points) {
            for (int i = 0; i < 4; i++) {
                segment[i] = SIZE / 2.0 + scale * (segment[i] - (low[i % 2] + high[i % 2]) / 2);
            }
        }
    }

    private void move(double right, double down) {
        for (double[] segment : points) {
            for (int i = 0; i < 4; i++) {
                segment[i] += i % 2 == 0 ? right : down;
            }
        }
    }

    /** How much of each pixel the ink covers, 0..1. */
    private double[] render() {
        double[] coverage = new double[SIZE * SIZE];
        for (int row = 0; row < SIZE * SAMPLES; row++) {
            for (int column = 0; column < SIZE * SAMPLES; column++) {
                if (inked((column + 0.5) / SAMPLES, (row + 0.5) / SAMPLES)) {
                    coverage[row / SAMPLES * SIZE + column / SAMPLES] += 1.0 / (SAMPLES * SAMPLES);
                }
            }
        }
        return coverage;
    }

    private boolean inked(double x, double y) {
        for (double[] segment : points) {
            double dx = segment[2] - segment[0];
            double dy = segment[3] - segment[1];
            double length = dx * dx + dy * dy;
            double along = length == 0 ? 0 : ((x - segment[0]) * dx + (y - segment[1]) * dy) / length;
            double t = Math.clamp(along, 0, 1);
            double offX = x - segment[0] - t * dx;
            double offY = y - segment[1] - t * dy;
            if (offX * offX + offY * offY <= RADIUS * RADIUS) {
                return true;
            }
        }
        return false;
    }

    private static double centre(double[] coverage, int axis) {
        double sum = 0;
        double moment = 0;
        for (int i = 0; i < coverage.length; i++) {
            sum += coverage[i];
            moment += coverage[i] * ((axis == 0 ? i % SIZE : i / SIZE) + 0.5);
        }
        return moment / sum;
    }
}
