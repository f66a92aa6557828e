package dev.tern.compiler.graph.formula;

/** What is known of the sign of a number that is not NaN, from the least to the most. */
public enum KnownSign {
    ANY,
    /** At least zero, which may be -0: quantizers need no code for what is below. */
    NOT_NEGATIVE,
    /** At least zero, and never -0. */
    NO_SIGN_BIT;

    public static KnownSign of(double value) {
        return Double.doubleToRawLongBits(value) >= 0 ? NO_SIGN_BIT : value == 0 ? NOT_NEGATIVE : ANY;
    }

    /** What is known where it is one or the other. */
    public KnownSign or(KnownSign other) {
        return compareTo(other) < 0 ? this : other;
    }

    /** Whether the number is at least zero. */
    public boolean nonNegative() {
        return this != ANY;
    }
}
