package dev.tern.benchmarks.job;

/** How weights are coded. Each output channel has a scale of its own. */
public enum Weights {
    /** -1 and +1. */
    BINARY("binary"),
    /** -1, 0 and +1, a third of each. */
    TERNARY("ternary");

    private final String scheme;

    Weights(String scheme) {
        this.scheme = scheme;
    }

    /** As Tern text says it. */
    public String scheme() {
        return scheme;
    }
}
