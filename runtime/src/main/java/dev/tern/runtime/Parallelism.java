package dev.tern.runtime;

/**
 * How many threads work at one inference: the one that calls {@link Session#run(float[])} and others that the session
 * owns. Outputs are the same bits for every number of threads.
 *
 * <p><b>When it pays.</b> Only layers that take some ten microseconds or more are divided, into ranges of output rows
 * (pixels, tokens) or, where there is one row, of output channels; the others run on the calling thread alone. So does
 * all of a small model, which a session of several threads makes no faster. Where there are many inputs to answer,
 * sessions of one thread each, one for each processor, get more done.
 *
 * <p><b>What it costs.</b> Each thread takes the working arrays that layers use in passing
 * ({@link ArenaPlan#work()}, a few kilobytes); inputs, outputs and what layers hand to each other
 * ({@link ArenaPlan#shared()}) exist once. The session's threads are daemons. They wait for the next layer in a loop
 * for some fifty microseconds and sleep after that, so that a session that is called seldom wakes them at every call.
 * More threads than idle processors slow an inference down.
 *
 * <pre>{@code
 * try (Session session = Digits.model().newSession(Parallelism.threads(2))) {
 *     float[] scores = session.run(pixels);
 * }
 * }</pre>
 *
 * @param threads 1 or more, the calling thread among them
 */
public record Parallelism(int threads) {
    /** @throws IllegalArgumentException if there is no thread at all */
    public Parallelism {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads");
        }
    }

    /**
     * So many threads, the calling one among them.
     *
     * @throws IllegalArgumentException if there is no thread at all
     */
    public static Parallelism threads(int count) {
        return new Parallelism(count);
    }
}
