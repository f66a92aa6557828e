package dev.tern.compiler.kernel.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Predicts what a product costs in each family of kernels, so that the cheaper can be taken and {@code explain} can say
 * why. The constants are nanoseconds, fitted to generated classes on one core of an AVX-512 Xeon under JDK 25: dense
 * 1024 to 512 and 64 to 64, 3x3 convolutions of 28x28x1 and 14x14x16, 1x1 of 8x8x64, with 1, 2, 4 and 8 bits.
 */
public final class CostModel {
    /** One word of xor and popcount for one output channel. */
    private static final double POPCOUNT_WORD = 0.09;

    /** One word of two ands and popcounts for one output channel. */
    private static final double TERNARY_WORD = 0.18;

    /** Placing one word of a tap into a plane of a patch. */
    private static final double GATHER_WORD = 1.3;

    /** One bit of a code into its plane. */
    private static final double PACK_BIT = 0.3;

    /** What a row costs a popcount kernel beside all that. */
    private static final double POPCOUNT_ROW = 8;

    /** The same for a vector of output channels. */
    private static final double VECTOR_POPCOUNT_WORD = 0.42;

    /** The same of ternary weights by a plane of several. */
    private static final double VECTOR_TERNARY_WORD = 0.8;

    /** One look-up for a vector of output channels. */
    private static final double LOOK_UP = 0.68;

    /** One more look-up by the same index, for the second digit. */
    private static final double SECOND_LOOK_UP = 0.45;

    /** One table. */
    private static final double TABLE = 0.9;

    /** One multiplication and addition. */
    private static final double MULTIPLY_ADD = 0.11;

    /** Finding one tap of a window. */
    private static final double MULTIPLY_TAP = 2;

    /** What a row costs a multiplying kernel beside all that. */
    private static final double MULTIPLY_ROW = 20;

    /** Channels that one vector of words holds. */
    private static final int LONG_LANES = 8;

    /** Channels that one vector of sums holds. */
    private static final int INT_LANES = 16;

    private CostModel() {
    }

    /** How a product is computed. */
    public enum Family {
        /** Bit planes, and and popcount. */
        POPCOUNT,
        /** Tables of sums of products, read by indices that hold several weights. */
        LOOK_UP,
        /** Multiplication of codes or f32. */
        MULTIPLY
    }

    /**
     * One way to compute a product.
     *
     * @param nanoseconds predicted, per inference
     * @param weightBytes what its weights take in the weight file
     */
    public record Candidate(Family family, double nanoseconds, long weightBytes) {
    }

    /** Chooses among the ways that are possible, which come the cheapest first. */
    public interface Choice {
        /** The cheapest by this model. */
        Choice CHEAPEST = candidates -> candidates.getFirst().family();

        Family of(List<Candidate> candidates);

        /** One family wherever it is possible. */
        static Choice preferring(Family family) {
            return candidates -> candidates.stream().map(Candidate::family).filter(family::equals).findFirst()
                    .orElse(candidates.getFirst().family());
        }
    }

    /** The ways that are possible, the cheapest first. */
    public static List<Candidate> candidates(ProductShape shape, Target target) {
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(multiply(shape));
        boolean bits = shape.weights() == ProductShape.Weights.BINARY || shape
                .weights() == ProductShape.Weights.TERNARY;
        if (bits && shape.groups() == 1 && shape.activationBits() > 0) {
            candidates.add(popcount(shape, target));
            if (target.vector() && shape.activationBits() > 1 && !shape.bipolar()) {
                candidates.add(lookUp(shape, target));
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::nanoseconds).thenComparingLong(Candidate::weightBytes));
        return candidates;
    }

    private static Candidate popcount(ProductShape shape, Target target) {
        int words = shape.depth() + 63 >>> 6;
        boolean ternary = shape.weights() == ProductShape.Weights.TERNARY;
        int longs = target.vector() ? target.lanes() / 2 : LONG_LANES;
        double word = target.vector()
                ? (ternary && !shape.bipolar() ? VECTOR_TERNARY_WORD : VECTOR_POPCOUNT_WORD) / longs
                : ternary ? TERNARY_WORD : POPCOUNT_WORD;
        double products = (double) words * shape.activationBits() * lanes(shape.channels(), longs) * word;
        double gather = shape.gathered()
                ? shape.taps() * shape.activationBits() * (shape.inputChannels() + 63 >>> 6) * GATHER_WORD
                : 0;
        double pack = shape.inputChannels() * shape.activationBits() * PACK_BIT / Math.max(1, target.lanes());
        return new Candidate(Family.POPCOUNT, shape.rows() * (POPCOUNT_ROW + products + gather + pack),
                8L * words * shape.channels() * (ternary ? 2 : 1));
    }

    private static Candidate lookUp(ProductShape shape, Target target) {
        int bytes = target.vectorBits() / Byte.SIZE;
        int perIndex = shape.weights() == ProductShape.Weights.TERNARY ? 3 : 5;
        int groups = (shape.inputChannels() + perIndex - 1) / perIndex;
        boolean two = shape.activationBits() > 4;
        int panels = (shape.channels() + bytes - 1) / bytes;
        double products = (double) shape.taps() * groups * panels * (two ? LOOK_UP + SECOND_LOOK_UP : LOOK_UP);
        double tables = groups * (two ? 2 : 1) * TABLE;
        return new Candidate(Family.LOOK_UP, shape.rows() * (POPCOUNT_ROW + products + tables),
                (long) panels * bytes * groups * shape.taps());
    }

    private static Candidate multiply(ProductShape shape) {
        int bytes = shape.weights() == ProductShape.Weights.FLOATING ? 4 : 1;
        double row = MULTIPLY_ROW + (shape.gathered() ? shape.taps() * MULTIPLY_TAP : 0);
        double products = (double) shape.depth() * lanes(shape.channels(), INT_LANES) * MULTIPLY_ADD;
        return new Candidate(Family.MULTIPLY, shape.rows() * (row + products),
                (long) bytes * shape.depth() * shape.channels());
    }

    /** Channels as loops along them see them: a part of a vector costs as much as a whole one. */
    private static int lanes(int channels, int lanes) {
        return (channels + lanes - 1) / lanes * lanes;
    }
}
