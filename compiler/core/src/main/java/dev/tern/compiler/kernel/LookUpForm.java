package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.runtime.layout.LookUpIndices;
import dev.tern.runtime.layout.WeightIndex;

/**
 * How products are read from tables: some neighbouring weights are one number of a few values, and for each group of as
 * many activations a table has the sum of products for every such number. A table holds bytes, so that one shuffle
 * answers all channels whose weights a vector holds. After T-MAC (Wei et al. 2024) and LUT-GEMM (Park et al. 2022).
 *
 * <p>Activations are taken apart into digits of at most four bits, {@code code = sum of (digit + center) * 16^i}, each
 * digit centered around 0 and with tables of its own. The entries are raised by a bias, which makes them unsigned.
 *
 * @param form what the weights are: five binary or three ternary ones make an index of under 32
 * @param code of the activations, two to eight bits
 */
public record LookUpForm(WeightForm form, ElementType.Code code) {
    /** Bytes of a table; indices stay below. */
    public static final int TABLE = LookUpIndices.TABLE;
    /** Bits of a digit, but for the uppermost, which may have fewer. */
    private static final int DIGIT_BITS = 4;

    /** Whether activations of this type can be read so. */
    public static boolean possible(ElementType.Code code) {
        return !code.bipolar() && code.bits() > 1;
    }

    /** How neighbouring weights are one index. */
    public WeightIndex index() {
        return switch (form) {
            case BINARY -> WeightIndex.BINARY;
            case TERNARY -> WeightIndex.TERNARY;
            case INTEGER -> throw new IllegalStateException("tables of " + form + " weights");
        };
    }

    /** Weights in one index. */
    public int perIndex() {
        return index().weights();
    }

    /** Values of a weight: an index is a number to this base, the first weight its lowest digit. */
    public int base() {
        return index().base();
    }

    /** A digit of an index as the weight it stands for. */
    public int weightOf(int digit) {
        return index().weightOf(digit);
    }

    /** Numbers that an index takes. */
    public int entries() {
        return (int) Math.pow(base(), perIndex());
    }

    /** Indices that the channels of a row need, made even: tables are built two at a time. */
    public int groups(int channels) {
        return index().groups(channels);
    }

    /** How many digits a code has: 1 or 2. */
    public int digits() {
        return code.bits() <= DIGIT_BITS ? 1 : 2;
    }

    private int bits(int digit) {
        return digits() == 1 ? code.bits() : digit == 0 ? DIGIT_BITS : code.bits() - DIGIT_BITS;
    }

    /**
     * The number that lies in the middle of a digit's values, {@code digit = centered + center}: half of 2^bits for an
     * unsigned digit, whose values are 0..2^bits - 1, and 0 for the highest digit of signed codes, whose values lie
     * around 0 already.
     */
    public int center(int digit) {
        boolean signed = code.signed() && digit == digits() - 1;
        return signed ? 0 : 1 << bits(digit) - 1;
    }

    /** The code whose centered digits are all 0, {@code sum of center(i) * 16^i}. */
    public int center() {
        return digits() == 1 ? center(0) : center(0) + 16 * center(1);
    }

    /** The centered digit of a code. */
    public int digit(int value, int digit) {
        int raw = digits() == 1 ? value : digit == 0 ? value & 15 : value >> DIGIT_BITS;
        return raw - center(digit);
    }

    /** What raises the entries of a digit's tables to 0 or more. */
    public int bias(int digit) {
        return perIndex() << bits(digit) - 1;
    }

    /** The biases of all look-ups of one accumulator together. @param lookUps of each digit */
    public int bias(int digitCount, int lookUps) {
        int sum = 0;
        for (int digit = 0; digit < digitCount; digit++) {
            sum += bias(digit) * lookUps << DIGIT_BITS * digit;
        }
        return sum;
    }

    /** How many entries an unsigned byte can add up. */
    public int lookUpsPerByte() {
        return 255 / (2 * Math.max(bias(0), bias(digits() - 1)));
    }

    /** How many entries an unsigned short can add up. */
    public int lookUpsPerShort() {
        return 65_535 / (2 * Math.max(bias(0), bias(digits() - 1)));
    }

    /** Where in its row a table begins: [pair of groups][digit][group of the pair][entry]. */
    public int offset(int group, int digit) {
        return (group / 2 * digits() + digit) * 2 * TABLE + group % 2 * TABLE;
    }

    /** Bytes of all tables of a row. */
    public int rowBytes(int channels) {
        return groups(channels) * digits() * TABLE;
    }
}
