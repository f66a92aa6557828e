package dev.tern.benchmarks.job;

/** How weights are coded. Each output channel has a scale of its own. */
public enum Weights {
    /** -1 and +1. */
    BINARY("binary", "binary"),
    /** -1, 0 and +1, a third of each. */
    TERNARY("ternary", "ternary"),
    /** -127 to +127. */
    INT8("int8", "int(8)"),
    /** f32. */
    FLOAT("float", "float");

    private final String id;
    private final String scheme;

    Weights(String id, String scheme) {
        this.id = id;
        this.scheme = scheme;
    }

    /** Without blanks and parentheses. */
    public String id() {
        return id;
    }

    /** As Tern text says it. */
    public String scheme() {
        return scheme;
    }

    /** Whether there are few enough values for bits and tables to stand for them. */
    public boolean low() {
        return this == BINARY || this == TERNARY;
    }
}
