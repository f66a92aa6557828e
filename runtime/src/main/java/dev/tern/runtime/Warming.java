package dev.tern.runtime;

import java.util.Objects;

/**
 * How far a model is with the change from plain loops to vector code, see {@link CompiledModel#warming()}.
 *
 * @param state what has been decided
 * @param plainNanos of one inference by plain loops, as the thread that warms measured it; 0 as long as it has not
 * @param vectorNanos of one by vector code, likewise
 * @param nanos from the first inference of the model to that decision; 0 before it
 * @param allocatedBytes what the thread that warms has allocated for this model in all, -1 where the JVM does not tell:
 *        vector code that the JIT compiler is not through with makes its vectors objects
 */
public record Warming(State state, double plainNanos, double vectorNanos, long nanos, long allocatedBytes) {
    /** A model of which there is one form. */
    static final Warming NONE = new Warming(State.ONE_FORM, 0, 0, 0, 0);

    public Warming {
        Objects.requireNonNull(state, "state");
    }

    /** Which form of the code runs, and whether that may change. */
    public enum State {
        /** There is nothing to change to: plain loops, or vector code that was asked for. */
        ONE_FORM,
        /** Plain loops run, and nothing else has been done yet. */
        WAITING,
        /** Plain loops run while another thread has vector code compiled. */
        WARMING,
        /** Vector code runs: it is compiled and was measured faster. */
        CHANGED,
        /** Plain loops run for good: vector code was no faster, or failed. */
        KEPT;

        /** Whether which form runs will stay as it is. */
        public boolean settled() {
            return this == ONE_FORM || this == CHANGED || this == KEPT;
        }
    }
}
