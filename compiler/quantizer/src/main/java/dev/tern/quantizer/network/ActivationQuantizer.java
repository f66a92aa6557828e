package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.meaning.RangeArithmetic;

/**
 * How activations become codes. The arithmetic is that of the numerics reference, in f32: the trained network rounds
 * the same values to the same codes as the compiled one.
 */
sealed interface ActivationQuantizer {
    /** x >= 0 ? +1 : -1. */
    record Sign() implements ActivationQuantizer {
    }

    /** {@code x > t ? 1 : x < -t ? -1 : 0}. */
    record Ternary(float threshold) implements ActivationQuantizer {
    }

    /** A uniform grid with the scale measured on each example, or on each row of its last axis. */
    record Dynamic(Grid grid, boolean perRow) implements ActivationQuantizer {
    }

    /** A uniform grid with a known scale and zero point. */
    record Fixed(Steps steps) implements ActivationQuantizer {
    }

    /** A uniform grid: codes {@code lowest..highest}, code {@code zero} standing for 0, {@code scale} apart. */
    record Steps(float scale, int zero, int lowest, int highest) {
        /** 1.5 * 2^23: adding and subtracting it rounds a float under 2^22 to an integer, half to even. */
        private static final float ROUND = 0x1.8p23f;

        /** The steps that a range asks for. */
        static Steps of(Grid grid, float low, float high) {
            int lowest = grid.lowest();
            int highest = grid.highest();
            float scale = RangeArithmetic.scale(grid, low, high);
            int zero = switch (grid.rule()) {
                case ABSMAX, GIVEN -> 0;
                case MINMAX -> RangeArithmetic.zero(grid, low, scale);
            };
            return new Steps(scale, zero, lowest, highest);
        }

        /** Rounds values {@code from} to {@code to} to codes less the zero point; returns the scale. */
        float round(float[] values, float[] codes, int from, int to) {
            float least = lowest - zero;
            float greatest = highest - zero;
            for (int i = from; i < to; i++) {
                // Clamping to integers first gives the same code as rounding first, and keeps the sum below exact.
                float steady = Math.min(Math.max(values[i] / scale, least), greatest);
                codes[i] = steady + ROUND - ROUND;
            }
            return scale;
        }

        /** The least real that a code stands for. */
        float leastValue() {
            return (lowest - zero) * scale;
        }

        /** The greatest real that a code stands for. */
        float greatestValue() {
            return (highest - zero) * scale;
        }
    }
}
