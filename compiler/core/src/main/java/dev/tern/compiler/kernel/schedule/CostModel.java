package dev.tern.compiler.kernel.schedule;

import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.kernel.schedule.ProductSchedule.LookUps;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Multiplications;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountLoops;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountPanels;
import java.util.Comparator;
import java.util.List;

/** Predicts what each way to compute a product costs, so that the cheapest can be taken and {@code explain} say why. */
public final class CostModel {
    private final ProductShape shape;
    private final Target target;

    private CostModel(ProductShape shape, Target target) {
        this.shape = shape;
        this.target = target;
    }

    /**
     * One way to compute a product.
     *
     * @param nanoseconds predicted, per inference
     * @param weightBytes what its weights take in the weight file
     */
    public record Candidate(ProductSchedule schedule, double nanoseconds, long weightBytes) {
        public Family family() {
            return schedule.family();
        }
    }

    /** Chooses among the ways that are possible. */
    public interface Choice {
        /** The cheapest by this model. */
        Choice CHEAPEST = (layer, shape, candidates) -> candidates.getFirst().schedule();

        /**
         * The schedule of one product.
         *
         * @param layer the path of the layer that the product belongs to
         * @param candidates at least one, the cheapest first
         */
        ProductSchedule of(String layer, ProductShape shape, List<Candidate> candidates);

        /** One family wherever it is possible. */
        static Choice preferring(Family family) {
            return (layer, shape, candidates) -> candidates.stream()
                    .filter(candidate -> candidate.family() == family).findFirst().orElse(candidates.getFirst())
                    .schedule();
        }
    }

    /** The ways that are possible, the cheapest first. */
    public static List<Candidate> candidates(ProductShape shape, Target target) {
        CostModel model = new CostModel(shape, target);
        return PossibleSchedules.of(shape, target).stream().map(model::candidate).sorted(
                Comparator.comparingDouble(Candidate::nanoseconds).thenComparingLong(Candidate::weightBytes)).toList();
    }

    private Candidate candidate(ProductSchedule schedule) {
        return switch (schedule) {
            case PopcountLoops s -> new Candidate(s, loops(s), popcountBytes());
            case PopcountPanels s -> new Candidate(s, panels(s), popcountBytes());
            case LookUps s -> new Candidate(s, lookUps(s), 1);
            case Multiplications s -> new Candidate(s, multiplications(s), 1);
        };
    }

    private double loops(PopcountLoops schedule) {
        return 1;
    }

    private double panels(PopcountPanels schedule) {
        return 1;
    }

    private double lookUps(LookUps schedule) {
        return 1;
    }

    private double multiplications(Multiplications schedule) {
        return 1;
    }

    private long popcountBytes() {
        return 1;
    }
}
