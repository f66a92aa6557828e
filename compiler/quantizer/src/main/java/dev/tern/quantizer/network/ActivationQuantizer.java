package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Grid;

/**
 * How activations become codes. The arithmetic is that of the numerics reference, in f32: the trained network rounds
 * the same values to the same codes as the compiled one.
 */
sealed interface ActivationQuantizer {
    /** x >= 0 ? +1 : -1. */
    record Sign() implements ActivationQuantizer {
    }

    /** x > t ? 1 : x < -t ? -1 : 0. */
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
        /** The steps that a range asks for. */
        static Steps of(Grid grid, float low, float high) {
            int lowest = grid.code().lowest();
            int highest = grid.code().highest();
            return switch (grid.rule()) {
                case ABSMAX -> {
                    float magnitude = Math.max(Math.max(Math.abs(low), Math.abs(high)), 1e-5f);
                    yield new Steps(magnitude / highest, 0, lowest, highest);
                }
                case MINMAX -> {
                    float min = Math.min(low, 0f);
                    float wanted = (Math.max(high, 0f) - min) / (highest - lowest);
                    float scale = wanted == 0 ? 1f : wanted;
                    int zero = (int) Math.clamp(Math.rint(-min / scale), lowest, highest);
                    yield new Steps(scale, zero, lowest, highest);
                }
            };
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
