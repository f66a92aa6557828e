package dev.tern.compiler.verification;

/**
 * A point on the road of a model at which its results are compared.
 *
 * @param pass the pass that has just run, {@code Lower}, or {@code class}
 * @param round which run of the pass that changed something this was, from 1
 * @param target what kernels are for; empty while there are none
 */
public record Stage(String pass, int round, String target) {
    /** {@code FuseThresholds, round 2}, {@code PlanArena for vector 256}. */
    @Override
    public String toString() {
        return pass + (round > 1 ? ", round " + round : "") + (target.isEmpty() ? "" : " for " + target);
    }
}
