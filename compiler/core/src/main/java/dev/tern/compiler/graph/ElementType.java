package dev.tern.compiler.graph;

/** What one element of a tensor is. */
public sealed interface ElementType {
    /** IEEE 754 binary32. */
    F32 F32 = new F32();

    /** One bit that stands for -1 or +1. */
    Code BIPOLAR = new Code(1, true);

    /** -1, 0 or +1. */
    Code TERNARY = new Code(2, true);

    record F32() implements ElementType {
        @Override
        public String toString() {
            return "f32";
        }
    }

    /**
     * An integer code that knows nothing of reals but through the scale beside it. One signed bit is bipolar
     * (-1 or +1); otherwise unsigned codes are 0..2^bits-1 and signed ones -2^(bits-1)..2^(bits-1)-1. The codes
     * that occur may be fewer: that is for range propagation to find.
     *
     * @param bits 1..8
     */
    record Code(int bits, boolean signed) implements ElementType {
        public Code {
            if (bits < 1 || bits > 8) {
                throw new IllegalArgumentException("bits " + bits);
            }
        }

        public boolean bipolar() {
            return bits == 1 && signed;
        }

        public int lowest() {
            return bipolar() ? -1 : signed ? -(1 << bits - 1) : 0;
        }

        public int highest() {
            return bipolar() ? 1 : signed ? (1 << bits - 1) - 1 : (1 << bits) - 1;
        }

        /** {@code s4}, {@code u8}, {@code s1} (bipolar). */
        @Override
        public String toString() {
            return (signed ? "s" : "u") + bits;
        }
    }

    /** An exact 32-bit integer known to lie in {@code low..high}: a sum of products, a zero point, an index. */
    record Accumulator(long low, long high) implements ElementType {
        public Accumulator {
            if (low > high) {
                throw new IllegalArgumentException(low + ".." + high);
            }
        }

        public boolean fits(int bits) {
            return low >= -(1L << bits - 1) && high < 1L << bits - 1;
        }

        @Override
        public String toString() {
            return "i32<" + low + ".." + high + ">";
        }
    }

    /** An index {@code 0..count-1}: of a time step, or of what else a table has entries for. */
    record StepIndex(int count) implements ElementType {
        @Override
        public String toString() {
            return "step[" + count + "]";
        }
    }
}
