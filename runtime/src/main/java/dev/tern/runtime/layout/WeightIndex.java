package dev.tern.runtime.layout;

/**
 * How some neighbouring weights are one number, by which a table is read: a number to a base, the first weight its
 * lowest digit. After T-MAC (Wei et al. 2024) and LUT-GEMM (Park et al. 2022).
 */
public enum WeightIndex {
    /** Five weights of -1 or 1: 32 numbers. */
    BINARY(2, 5),
    /** Three weights of -1, 0 or 1: 27 numbers. */
    TERNARY(3, 3);

    private final int base;
    private final int weights;

    WeightIndex(int base, int weights) {
        this.base = base;
        this.weights = weights;
    }

    /** Values of a weight. */
    public int base() {
        return base;
    }

    /** Weights in one index. */
    public int weights() {
        return weights;
    }

    /** A weight as a digit of an index. */
    public int digitOf(int weight) {
        return this == BINARY ? (weight + 1) / 2 : weight + 1;
    }

    /** A digit of an index as the weight it stands for. */
    public int weightOf(int digit) {
        return this == BINARY ? 2 * digit - 1 : digit - 1;
    }

    /** Indices that so many neighbouring weights need, made even: tables are built two at a time. */
    public int groups(int depth) {
        return (depth + 2 * weights - 1) / (2 * weights) * 2;
    }
}
