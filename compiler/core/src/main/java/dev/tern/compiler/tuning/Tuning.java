package dev.tern.compiler.tuning;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fastest schedules of a model's products, as they were measured on one machine.
 *
 * @param targets what was measured for each target, by the target's text
 */
public record Tuning(Machine machine, Map<String, List<Entry>> targets) {
    /**
     * One product.
     *
     * @param layer the path of its layer
     * @param shape the text of its shape
     * @param schedule the text of the fastest schedule
     * @param measuredNanos what the layer took with it, from the making of its codes to its epilogue
     * @param predictedNanos what the cost model says
     */
    public record Entry(String layer, String shape, String schedule, double measuredNanos, double predictedNanos) {
        static Entry of(MeasuredProduct product) {
            MeasuredProduct.Time best = product.best();
            return new Entry(product.layer(), product.shape().toString(), best.candidate().schedule().toString(),
                    best.nanoseconds(), best.candidate().nanoseconds());
        }
    }

    public Tuning {
        Map<String, List<Entry>> copy = new LinkedHashMap<>();
        targets.forEach((target, entries) -> copy.put(target, List.copyOf(entries)));
        targets = Collections.unmodifiableMap(copy);
    }

    /** The same with what was measured for a target, in place of what was known of it. */
    public Tuning with(String target, List<MeasuredProduct> products) {
        Map<String, List<Entry>> more = new LinkedHashMap<>(targets);
        more.put(target, products.stream().map(Entry::of).toList());
        return new Tuning(machine, more);
    }
}
