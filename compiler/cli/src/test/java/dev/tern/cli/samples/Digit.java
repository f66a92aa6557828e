package dev.tern.cli.samples;

import java.util.List;
import java.util.Locale;

/**
 * The ten digits as a hand writes them: each a few strokes, each stroke a smooth curve through points. Coordinates are
 * of no unit, x to the right and y down; the pen is lifted, or turns a corner, between strokes.
 */
enum Digit {
    ZERO(stroke(5.6, 0, 3.2, 1.4, 1.2, 5.6, 0.8, 10.6, 2.2, 15.6, 5.2, 17.6, 8.4, 15.4, 10.2, 10.2, 9.6, 4.6, 7.6, 1.2,
            5.2, 0.2)), //
    ONE(stroke(6.6, 0, 5.9, 5.4, 5, 11.2, 4.2, 17.8)), //
    TWO(stroke(1.2, 4, 3, 1, 6.4, 0.2, 9, 2.6, 8.4, 6.8, 5.4, 11.2, 2.4, 14.8, 0.6, 17.2),
            stroke(0.6, 17.2, 3.6, 16.4, 7, 17.4, 10.6, 16.6)), //
    THREE(stroke(1.2, 2.2, 4, 0.2, 7.6, 0.8, 8.6, 4, 6.6, 7.2, 3.6, 8.4),
            stroke(3.6, 8.4, 7.4, 8.8, 9.4, 12, 8.2, 15.8, 4.6, 17.6, 0.8, 16.2)), //
    FOUR(stroke(2.6, 0.6, 1.8, 4.6, 0.8, 9), stroke(0.8, 9, 4.6, 9, 9.8, 8.4),
            stroke(8.8, 0, 8.2, 6, 7.4, 12, 7, 17.8)), //
    FIVE(stroke(9.6, 0.4, 6, 0.6, 2.6, 0.8), stroke(2.6, 0.8, 2.2, 4, 1.6, 7.6),
            stroke(1.6, 7.6, 5, 6.6, 8.4, 8.6, 9, 12.6, 6.8, 16.4, 3.4, 17.8, 0.4, 16.6)), //
    SIX(stroke(7.2, 0, 4.4, 3.2, 2, 7.6, 0.8, 12.4, 2, 16.6, 5.4, 17.8, 8.6, 15.4, 8.8, 11.8, 6.2, 10, 3.2, 11.2, 1.2,
            14)), //
    SEVEN(stroke(0.4, 1.8, 3.4, 1.4, 6.6, 1, 9.8, 0.6), stroke(9.8, 0.6, 7.8, 5, 5.8, 10.6, 4.6, 17.8)), //
    EIGHT(stroke(8.8, 2.6, 6.2, 0.2, 2.8, 1.2, 2, 4.4, 4.4, 7.6, 7.6, 10.8, 8.4, 14.6, 5.6, 17.6, 2.2, 16.6, 1.2, 13.4,
            3.4, 10, 6.8, 6.8, 8.8, 2.8)), //
    NINE(stroke(8.8, 3, 6.2, 0.4, 2.6, 1.4, 1.2, 5, 2.8, 8.2, 6, 8, 8.6, 4.8, 8.9, 2.6),
            stroke(8.9, 2.6, 8.4, 8, 7.4, 13, 6.6, 17.8));

    private final List<double[]> strokes;

    Digit(double[]... strokes) {
        this.strokes = List.of(strokes);
    }

    private static double[] stroke(double... coordinates) {
        return coordinates;
    }

    /** Each stroke as x, y, x, y, ... */
    List<double[]> strokes() {
        return strokes;
    }

    /** {@code seven.png}. */
    String fileName() {
        return name().toLowerCase(Locale.ROOT) + ".png";
    }
}
