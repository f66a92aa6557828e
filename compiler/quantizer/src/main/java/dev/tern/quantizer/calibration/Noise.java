package dev.tern.quantizer.calibration;

import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.meaning.RangeArithmetic;

/**
 * What quantization does to values.
 *
 * @param signal the sum of their squares
 * @param error the sum of the squares of what they change by
 */
public record Noise(double signal, double error) {
    static final Noise NONE = new Noise(0, 0);

    /** Values as their codes on a grid stand for them. */
    static Noise of(float[] values, Range range, Grid grid) {
        float scale = RangeArithmetic.scale(grid, range.low(), range.high());
        int zero = grid.rule() == Grid.Rule.MINMAX ? RangeArithmetic.zero(grid, range.low(), scale) : 0;
        double signal = 0;
        double error = 0;
        for (float x : values) {
            double difference = x - (double) (RangeArithmetic.code(x, scale, zero, grid) - zero) * scale;
            signal += (double) x * x;
            error += difference * difference;
        }
        return new Noise(signal, error);
    }

    Noise plus(Noise other) {
        return new Noise(signal + other.signal, error + other.error);
    }

    /** The ratio of signal to noise in decibels; infinite without noise. */
    public double decibels() {
        return error == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / error);
    }
}
