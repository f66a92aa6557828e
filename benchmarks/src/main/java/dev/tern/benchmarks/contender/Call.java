package dev.tern.benchmarks.contender;

/** A job that stands ready in one contender. Used by one thread. */
public interface Call extends AutoCloseable {
    /** Does the job once, from the f32 input that is in place to the output. */
    void run();

    /** What the last run computed, as the reals that the job is to compute: [row][column][channel]. */
    float[] result();

    @Override
    default void close() {
    }
}
