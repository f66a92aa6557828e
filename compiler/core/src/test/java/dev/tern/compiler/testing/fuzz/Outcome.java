package dev.tern.compiler.testing.fuzz;

/** What came of one model. */
sealed interface Outcome {
    /** Everything that was compared is the same. */
    record Same() implements Outcome {
    }

    /** The compiler refuses the model with a diagnostic that a correct text may get. */
    record Refused(String code) implements Outcome {
    }

    /**
     * A fault.
     *
     * @param kind what another model with the same fault shows as well
     * @param report what a person needs to find it
     */
    record Found(String kind, String report) implements Outcome {
    }
}
