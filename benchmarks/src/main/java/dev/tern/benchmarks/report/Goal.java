package dev.tern.benchmarks.report;

/**
 * Something that the compiled models are to reach.
 *
 * @param what is measured
 * @param wanted the least, in words
 * @param measured the figures, in words
 * @param verdict whether they suffice
 */
public record Goal(String what, String wanted, String measured, Verdict verdict) {
    /** Whether a goal is reached. */
    public enum Verdict {
        /** It is. */
        REACHED("reached"),
        /** It is not. */
        NOT_REACHED("**not reached**"),
        /** The run did not measure it. */
        NOT_MEASURED("not measured"),
        /** There is nothing to reach: a figure for its own sake. */
        REPORTED("reported");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
