package dev.tern.benchmarks.measure;

import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How long is measured.
 *
 * @param rounds how often the whole list is gone through, each case in a new process each time
 * @param more rounds of the cases whose rounds differ, see {@link Rounds}: where arrays come to lie in memory is
 *        chance, and one round of two tells nothing of which is the rule
 * @param iterations timed in a process
 * @param iteration how long one is
 * @param warmup before them, once times have settled, where the JVM has to compile first; elsewhere a fifth of it
 */
public record Effort(int rounds, int more, int iterations, TimeValue iteration, TimeValue warmup) {
    /** For results that are kept. */
    public static final Effort FULL = new Effort(2, 3, 7, TimeValue.milliseconds(60), TimeValue.milliseconds(800));
    /** For a look. */
    public static final Effort QUICK = new Effort(1, 0, 4, TimeValue.milliseconds(50), TimeValue.milliseconds(500));

    /** The same with other rounds. */
    public Effort withRounds(int other) {
        return new Effort(other, more, iterations, iteration, warmup);
    }

    @Override
    public String toString() {
        return rounds + (rounds == 1 ? " round" : " rounds")
                + (more > 0 ? ", up to " + more + " more where they differ by over 15 percent," : "") + " of " + each();
    }

    /** What is measured in a process, in words. */
    public String each() {
        return iterations + " iterations of " + iteration
                + ", once times have settled, after a further warm-up of " + warmup
                + " (a fifth of it for native code)";
    }
}
