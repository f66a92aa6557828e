package dev.tern.compiler.kernel.cost;

import dev.tern.compiler.target.Word;
import java.util.Locale;

/**
 * What the cost of a product depends on.
 *
 * @param lines lines of the output
 * @param width output rows (pixels, tokens) in a line
 * @param inputRows rows of the input
 * @param taps positions of the kernel, 1 for dense
 * @param inputChannels channels of an input row
 * @param channels output channels
 * @param groups 1, or the number of independent groups of channels
 * @param gathered whether the window has to be gathered tap by tap
 * @param activationBits bits of a code, or 0 for f32
 * @param bipolar whether the codes are -1 and +1
 * @param weights what the weights are
 * @param weightBits the fewest bits in which whole numbers hold them in two's complement; 32 of f32
 */
public record ProductShape(int lines, int width, int inputRows, int taps, int inputChannels, int channels, int groups,
        boolean gathered, int activationBits, boolean bipolar, WeightSet weights, int weightBits) {
    /** The most planes of weights and activations by each other, with which multiplying is not always faster. */
    private static final int MOST_PLANES = 16;

    /** The widest set that a product's weights fit. */
    public enum WeightSet {
        /** -1 and +1. */
        BINARY,
        /** -1, 0 and +1. */
        TERNARY,
        /** Codes of up to eight bits. */
        INTEGER,
        /** f32. */
        FLOATING
    }

    /** With the weights' usual bits: 2 of signs and ternary ones, 8 of integers. */
    public ProductShape(int lines, int width, int inputRows, int taps, int inputChannels, int channels, int groups,
            boolean gathered, int activationBits, boolean bipolar, WeightSet weights) {
        this(lines, width, inputRows, taps, inputChannels, channels, groups, gathered, activationBits, bipolar, weights,
                switch (weights) {
                    case BINARY, TERNARY -> 2;
                    case INTEGER -> Byte.SIZE;
                    case FLOATING -> Float.SIZE;
                });
    }

    /** Output rows. */
    public int rows() {
        return lines * width;
    }

    /** Products summed for one element of the output. */
    public int depth() {
        return taps * (inputChannels / groups);
    }

    /** Words of one bit plane of what an output row sees. */
    public int words(Word word) {
        return word.count(depth());
    }

    /** Whether weights and activations are such that bits can stand for them. */
    public boolean packed() {
        return groups == 1 && activationBits > 0 && switch (weights) {
            case BINARY, TERNARY -> true;
            case INTEGER -> weightBits * activationBits <= MOST_PLANES;
            case FLOATING -> false;
        };
    }

    /** Whether bits that stand for the weights can be indices of tables. */
    public boolean indexed() {
        return packed() && weights != WeightSet.INTEGER;
    }

    /** Whether one count of bits makes a product of planes, rather than two. */
    public boolean oneCount() {
        return bipolar || weights != WeightSet.TERNARY;
    }

    /** Products of planes that make a product of codes, where one counts for ternary weights, too. */
    public int planeProducts() {
        return activationBits * (weights == WeightSet.INTEGER ? weightBits : 1);
    }

    /** Products of codes less their zero point that have a sum in 16 bits for certain; 0 where there are none. */
    public int productsIn16Bits() {
        if (groups != 1 || activationBits == 0 || weights == WeightSet.FLOATING) {
            return 0;
        }
        int weight = weights == WeightSet.INTEGER ? 1 << weightBits - 1 : 1;
        return Short.MAX_VALUE / (weight * ((1 << activationBits) - 1));
    }

    /** {@code 28x28 rows, 9 taps of 16 to 32, ternary by 4 bits}; the same text is the same shape. */
    @Override
    public String toString() {
        String activations = activationBits == 0
                ? "f32"
                : bipolar ? "signs" : activationBits + (activationBits == 1 ? " bit" : " bits");
        return lines + "x" + width + " rows" + (inputRows == rows() ? "" : " from " + inputRows) + ", " + taps
                + (taps == 1 ? " tap of " : " taps of ") + inputChannels + " to " + channels
                + (groups == 1 ? "" : " in " + groups + " groups") + (gathered ? ", gathered" : "") + ", "
                + (weights == WeightSet.INTEGER && weightBits < Byte.SIZE ? weightBits + "-bit " : "")
                + weights.name().toLowerCase(Locale.ROOT) + " by " + activations;
    }
}
