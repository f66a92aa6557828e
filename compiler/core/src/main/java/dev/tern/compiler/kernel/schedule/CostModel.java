package dev.tern.compiler.kernel.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Predicts what a product costs in each family of kernels, so that the cheapest can be taken and {@code explain} can
 * say why. The constants are nanoseconds of one core with 512-bit lanes; only their proportions matter for the choice.
 */
public final class CostModel {
    /** One word of xor and popcount for one output channel. */
    private static final double POPCOUNT_WORD = 0.09;

    /** One word of two ands and popcounts for one output channel. */
    private static final double TERNARY_WORD = 0.2;

    /** One multiplication and addition, widened from bytes. */
    private static final double MULTIPLY_ADD = 0.12;

    /** Placing one word of a tap into a patch. */
    private static final double GATHER_WORD = 2;

    /** One bit of a code into its plane. */
    private static final double PACK_BIT = 0.15;

    private CostModel() {
    }

    /** How a product is computed. */
    public enum Family {
        /** Bit planes, and and popcount. */
        POPCOUNT,
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
    public static List<Candidate> candidates(ProductShape shape) {
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(multiply(shape));
        boolean bits = shape.weights() == ProductShape.Weights.BINARY || shape
                .weights() == ProductShape.Weights.TERNARY;
        if (bits && shape.groups() == 1 && shape.activationBits() > 0) {
            candidates.add(popcount(shape));
        }
        candidates.sort(Comparator.comparingDouble(Candidate::nanoseconds).thenComparingLong(Candidate::weightBytes));
        return candidates;
    }

    private static Candidate popcount(ProductShape shape) {
        int words = shape.depth() + 63 >>> 6;
        boolean ternary = shape.weights() == ProductShape.Weights.TERNARY;
        double products = (double) words * shape.activationBits() * shape.channels()
                * (ternary ? TERNARY_WORD : POPCOUNT_WORD);
        double gather = shape.gathered()
                ? shape.taps() * shape.activationBits() * ((shape.inputChannels() + 63 >>> 6) + 1) * GATHER_WORD
                : 0;
        double pack = shape.inputChannels() * shape.activationBits() * PACK_BIT;
        return new Candidate(Family.POPCOUNT, shape.rows() * (products + gather + pack),
                8L * words * shape.channels() * (ternary ? 2 : 1));
    }

    private static Candidate multiply(ProductShape shape) {
        int bytes = shape.weights() == ProductShape.Weights.FLOATING ? 4 : 1;
        return new Candidate(Family.MULTIPLY, shape.multiplyAdds() * MULTIPLY_ADD,
                (long) bytes * shape.depth() * shape.channels());
    }
}
