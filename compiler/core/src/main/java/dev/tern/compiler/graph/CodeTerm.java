package dev.tern.compiler.graph;

import dev.tern.compiler.graph.formula.FixedPoint;

/**
 * A code as an integer on a scale that two operands share: {@code (code - zero) << left}, times a factor from -1 to
 * 1; a negative one turns around what its magnitude gives.
 *
 * @param zero the code that stands for 0
 * @param left how many bits it is shifted up
 * @param factor 1 leaves the integer as it is
 * @param rounding of the product with the factor
 */
public record CodeTerm(int zero, int left, double factor, FixedPoint.Rounding rounding) {
    /** Leaves integers as they are. */
    public static final CodeTerm SAME = new CodeTerm(0, 0, 1, FixedPoint.Rounding.SINGLE);

    /** Integers shifted up by some bits. */
    public static CodeTerm shifted(int left) {
        return new CodeTerm(0, left, 1, FixedPoint.Rounding.SINGLE);
    }

    /** Whether it does no more than shift. */
    public boolean shifts() {
        return zero == 0 && factor == 1;
    }

    /** What it makes of a code. */
    public int of(int code) {
        int shifted = code - zero << left;
        if (factor == 1 && left == 0) {
            return shifted;
        }
        int scaled = FixedPoint.of(Math.abs(factor), rounding).times(shifted, rounding);
        return factor < 0 ? -scaled : scaled;
    }

    /** What it makes of every code of a type, from the lowest on. */
    public int[] table(ElementType.Code code) {
        int[] table = new int[code.highest() - code.lowest() + 1];
        for (int i = 0; i < table.length; i++) {
            table[i] = of(code.lowest() + i);
        }
        return table;
    }

    @Override
    public String toString() {
        return "less " + zero + (left == 0 ? "" : " << " + left) + (factor == 1 ? "" : " times " + factor);
    }
}
