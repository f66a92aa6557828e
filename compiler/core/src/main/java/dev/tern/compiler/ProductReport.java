package dev.tern.compiler;

import dev.tern.compiler.kernel.cost.CostModel.Candidate;
import dev.tern.compiler.kernel.cost.ProductShape;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How a product is computed, and how else it could be.
 *
 * @param shape what its cost depends on
 * @param schedule what was chosen
 * @param candidates all that were considered, with what the cost model predicts, the cheapest first
 * @param measuredNanos what the layer took when {@code tern tune} chose the schedule; empty where the cost model chose
 */
public record ProductReport(ProductShape shape, ProductSchedule schedule, List<Candidate> candidates,
        OptionalDouble measuredNanos) {
    public ProductReport {
        candidates = List.copyOf(candidates);
    }

    /** The chosen one among the candidates. */
    public Candidate chosen() {
        return candidates.stream().filter(candidate -> candidate.schedule().equals(schedule)).findFirst()
                .orElseThrow();
    }

    /** The others, the cheapest first. */
    public List<Candidate> others() {
        return candidates.stream().filter(candidate -> !candidate.schedule().equals(schedule)).toList();
    }
}
