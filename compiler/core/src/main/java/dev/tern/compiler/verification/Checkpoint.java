package dev.tern.compiler.verification;

/**
 * A point on the road of a model at which its results are compared.
 *
 * @param pass the pass that has just run, {@code Lower}, or {@link #CLASS}
 * @param round which of the pass's runs this was, from 1, those counted that changed nothing
 * @param target what kernels are for; empty while there are none
 */
public record Checkpoint(String pass, int round, String target) {
    /** What stands for the generated class in the place of a pass. */
    public static final String CLASS = "class";

    /** {@code FuseThresholds, round 2}, {@code PlanArena for vector 256}. */
    @Override
    public String toString() {
        return pass + (round > 1 ? ", round " + round : "") + (target.isEmpty() ? "" : " for " + target);
    }
}
