package dev.tern.cli.measure;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the first hundred inferences of a session take from the thread that calls it, before the JIT compiler is through
 * with them.
 *
 * @param firstNanos of the first
 * @param tenthNanos of the tenth
 * @param hundredthNanos of the hundredth
 * @param totalNanos of all hundred
 * @param allocatedBytes of all hundred
 */
public record FirstCalls(long firstNanos, long tenthNanos, long hundredthNanos, long totalNanos, long allocatedBytes) {
    private static final int CALLS = 100;

    /**
     * Measures on this thread.
     *
     * @param inference one, of a session that has not been called
     */
    public static FirstCalls measure(Runnable inference) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        long[] ends = new long[CALLS];
        long before = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            inference.run();
            ends[i] = System.nanoTime();
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        return new FirstCalls(ends[0] - start, ends[9] - ends[8], ends[99] - ends[98], ends[99] - start, allocated);
    }
}
