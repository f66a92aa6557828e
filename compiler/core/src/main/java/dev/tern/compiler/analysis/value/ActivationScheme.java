package dev.tern.compiler.analysis.value;

import dev.tern.compiler.diagnostics.SourceSpan;
import java.util.Locale;

/** How the input of a weighted op becomes codes. Bits are 1..8, or 16 where a scale is given. */
public sealed interface ActivationScheme {
    /** It stays f32. */
    ActivationScheme FLOAT = new Floating();

    /** As it is written: {@code dynamic(4, minmax)}. */
    String describe();

    record Floating() implements ActivationScheme {
        @Override
        public String describe() {
            return "float";
        }
    }

    /** x >= 0 ? +1 : -1. */
    record Sign() implements ActivationScheme {
        @Override
        public String describe() {
            return "sign";
        }
    }

    /** {@code x > t ? 1 : x < -t ? -1 : 0}. */
    record Ternary(float threshold) implements ActivationScheme {
        @Override
        public String describe() {
            return "ternary(" + threshold + ")";
        }
    }

    /** A scale measured at each inference. @param perRow one scale per row of the last axis */
    record Dynamic(int bits, RangeChoice rule, boolean perRow, SourceSpan span) implements ActivationScheme {
        public enum RangeChoice {
            MINMAX, ABSMAX
        }

        @Override
        public String describe() {
            return "dynamic(" + bits + ", " + rule.name().toLowerCase(Locale.ROOT) + (perRow ? ", per: row)" : ")");
        }
    }

    /** A range known at compile time. */
    record Static(int bits, float low, float high) implements ActivationScheme {
        @Override
        public String describe() {
            return "static(" + bits + ", " + end(low) + ".." + end(high) + ")";
        }

        /** Whole numbers without a fraction, as one writes them. */
        private static String end(float value) {
            return value == Math.rint(value) && Math.abs(value) < 1e6
                    ? Integer.toString((int) value)
                    : Float.toString(value);
        }
    }

    /**
     * A scale and a zero point known at compile time.
     *
     * @param unsigned codes 0..2^bits - 1, else -2^(bits - 1)..2^(bits - 1) - 1
     * @param narrow without the lowest code
     * @param span where it was written
     */
    record Scaled(int bits, float scale, int zero, boolean unsigned, boolean narrow,
            SourceSpan span) implements ActivationScheme {
        /** Bits of codes that are kept in two parts. */
        public static final int WIDE_BITS = 16;

        /** Whether codes are kept in two parts. */
        public boolean wide() {
            return bits == WIDE_BITS;
        }

        public int lowest() {
            return (unsigned ? 0 : -(1 << bits - 1)) + (narrow ? 1 : 0);
        }

        public int highest() {
            return unsigned ? (1 << bits) - 1 : (1 << bits - 1) - 1;
        }

        @Override
        public String describe() {
            return "static(" + bits + ", scale: " + scale + (zero == 0 ? "" : ", zero: " + zero)
                    + (unsigned ? ", unsigned: true" : "") + (narrow ? ", narrow: true" : "") + ")";
        }
    }

    /**
     * A range that calibration found, kept with the parameters as {@code range}, or one for each channel, kept as
     * {@code ranges}.
     *
     * @param span where it was written
     */
    record Calibrated(int bits, boolean perChannel, SourceSpan span) implements ActivationScheme {
        @Override
        public String describe() {
            return "static(" + bits + ", calibrated" + (perChannel ? ", per: channel)" : ")");
        }
    }

    /**
     * A table of scales indexed by a step.
     *
     * @param levels how many codes there are; 0 for all that symmetric codes, or codes from 0 up, have room for
     * @param span where it was written
     */
    record StepTable(int bits, int levels, TensorValue step, SourceSpan span) implements ActivationScheme {
        @Override
        public String describe() {
            return "tdq(" + bits + (levels == 0 ? "" : ", levels: " + levels) + ")";
        }
    }
}
