package dev.tern.compiler.kernel.cost;

import dev.tern.compiler.target.Word;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
    private static final Pattern TEXT = Pattern.compile("(?<lines>\\d+)x(?<width>\\d+) rows(?: from (?<inputs>\\d+))?, "
            + "(?<taps>\\d+) taps? of (?<depth>\\d+) to (?<channels>\\d+)(?: in (?<groups>\\d+) groups)?"
            + "(?<gathered>, gathered)?, (?:(?<bits>\\d+)-bit )?(?<weights>\\w+) by "
            + "(?<activations>f32|signs|\\d+ bits?)");

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

    /** Whether each channel has its own values and weights. */
    public boolean depthwise() {
        return groups > 1 && groups == channels && groups == inputChannels;
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
        return productsIn(Short.MAX_VALUE);
    }

    private int productsIn(int greatest) {
        if (groups != 1 && !depthwise() || activationBits == 0 || weights == WeightSet.FLOATING) {
            return 0;
        }
        return greatest / (weightMagnitude() * ((1 << activationBits) - 1));
    }

    private int weightMagnitude() {
        return weights == WeightSet.INTEGER ? 1 << weightBits - 1 : 1;
    }

    /** Products of codes less their zero point that have a sum in a byte for certain; 0 where there are none. */
    public int productsInBytes() {
        return productsIn(Byte.MAX_VALUE);
    }

    /** The same of codes less the middle of them all, as tiles of bytes take them where a zero point is known. */
    public int centredProductsInBytes() {
        return Math.max(1, Byte.MAX_VALUE / Math.max(1, weightMagnitude() << Math.max(0, activationBits - 1)));
    }

    /**
     * The shape of a text that {@link #toString} made.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ProductShape of(String text) {
        Matcher found = TEXT.matcher(text);
        if (!found.matches()) {
            throw new IllegalArgumentException("no shape of a product: " + text);
        }
        int lines = Integer.parseInt(found.group("lines"));
        int width = Integer.parseInt(found.group("width"));
        String activations = found.group("activations");
        WeightSet weights = WeightSet.valueOf(found.group("weights").toUpperCase(Locale.ROOT));
        boolean signs = activations.equals("signs");
        int bits = signs ? 1 : activations.equals("f32") ? 0 : Integer.parseInt(activations.replaceAll(" .*", ""));
        ProductShape usual = new ProductShape(lines, width, number(found, "inputs", lines * width),
                number(found, "taps", 1), number(found, "depth", 1), number(found, "channels", 1),
                number(found, "groups", 1), found.group("gathered") != null, bits, signs, weights);
        return new ProductShape(lines, width, usual.inputRows, usual.taps, usual.inputChannels, usual.channels,
                usual.groups, usual.gathered, bits, signs, weights, number(found, "bits", usual.weightBits));
    }

    private static int number(Matcher found, String group, int otherwise) {
        return found.group(group) == null ? otherwise : Integer.parseInt(found.group(group));
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
