package dev.tern.compiler.interpreter;

/** The values of one row's channels on their way through an epilogue. */
sealed interface RowValues {
    record Floats(float[] values) implements RowValues {
    }

    record Ints(int[] values) implements RowValues {
    }

    /** Sums in double, of which a mean is yet to be made. */
    record Sums(double[] values) implements RowValues {
    }
}
