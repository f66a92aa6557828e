package dev.tern.compiler.tuning;

import dev.tern.compiler.kernel.cost.CostModel.Candidate;
import dev.tern.compiler.kernel.cost.ProductShape;
import java.util.Comparator;
import java.util.List;

/**
 * What a product took with each of its candidates.
 *
 * @param layer the path of its layer
 * @param times in the order of the cost model, which would take the first
 */
public record MeasuredProduct(String layer, ProductShape shape, List<Time> times) {
    /**
     * One candidate with the shortest time of the product's layer, from the making of its codes to its epilogue.
     *
     * @param allocated bytes of an inference, when it is warm
     */
    public record Time(Candidate candidate, double nanoseconds, long allocated) {
    }

    public MeasuredProduct {
        times = List.copyOf(times);
    }

    /** The fastest. */
    public Time best() {
        return times.stream().min(Comparator.comparingDouble(Time::nanoseconds)).orElseThrow();
    }

    /** The one that the cost model takes. */
    public Time byModel() {
        return times.getFirst();
    }

    /** What the cost model's choice takes more than the fastest, as a share of that. */
    public double loss() {
        return byModel().nanoseconds() / best().nanoseconds() - 1;
    }
}
