package dev.tern.quantizer.network;

/**
 * Loops over arrays of one length that all go by one index: the only ones that the JIT compiler turns into vector code
 * on JDK 25. Where an array begins elsewhere in a loop ({@code y[row + i] = x[row + i] * factor[i]}) it cannot rule out
 * that one overlaps another, and computes one element after the other. So layers copy a stretch of a batch into lines
 * that fit the first-level cache, compute there, and copy back.
 */
final class Line {
    private Line() {
    }

    /** {@code sums += x}. */
    static void add(float[] sums, float[] x) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += x[i];
        }
    }

    /** {@code x *= factor}. */
    static void multiply(float[] x, float[] factor) {
        for (int i = 0; i < x.length; i++) {
            x[i] = factor[i] * x[i];
        }
    }

    /** {@code x = x * factor + term}. */
    static void scale(float[] x, float[] factor, float[] term) {
        for (int i = 0; i < x.length; i++) {
            x[i] = x[i] * factor[i] + term[i];
        }
    }

    /** {@code sums += a * b}. */
    static void addProduct(float[] sums, float[] a, float[] b) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += a[i] * b[i];
        }
    }

    /**
     * 1 where two numbers are equal and 0 where they are not, without a branch, which could not be foretold, and which
     * is no vector code: numbers that differ have a difference other than 0, however small they are.
     */
    static float same(float a, float b) {
        return 1 - Math.signum(Math.abs(a - b));
    }
}
