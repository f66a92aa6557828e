package dev.tern.cli.measure;

import com.sun.management.ThreadMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * How long one inference takes, each timed by itself after warming up, and what it leaves for the garbage collector.
 *
 * @param inferences how many were timed
 * @param medianNanos half of them took no longer
 * @param p99Nanos 99 of 100 took no longer
 * @param allocatedBytes per inference, on average over all that were timed
 * @param settled whether the JIT compiler had done its work when timing began; true where this JVM does not tell
 */
public record Latency(int inferences, double medianNanos, double p99Nanos, double allocatedBytes,
        boolean settled) {
    private static final int MOST = 1_000_000;
    /** So long must the JIT compiler have rested, as a share of the time that is measured. */
    private static final double REST = 1 / 6.0;
    /** The longest warm-up, likewise. */
    private static final double LONGEST_WARM_UP = 3;

    /**
     * Measures on this thread.
     *
     * @param inference one, which is the same each time
     * @param seconds for which inferences are timed, after half as long for warming up, or longer while the JIT
     *        compiler works
     */
    public static Latency measure(Runnable inference, double seconds) {
        long[] nanos = new long[MOST];
        boolean settled = warmUp(inference, nanos, seconds);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        int count = run(inference, nanos, seconds);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        Arrays.sort(nanos, 0, count);
        return new Latency(count, nanos[count / 2], nanos[(int) Math.min(count - 1L, count * 99L / 100)],
                (double) allocated / count, settled);
    }

    /** @return whether the JIT compiler rested at the end, as far as this JVM tells */
    private static boolean warmUp(Runnable inference, long[] nanos, double seconds) {
        run(inference, nanos, seconds / 2);
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        if (compiler == null || !compiler.isCompilationTimeMonitoringSupported()) {
            return true;
        }
        long compiled;
        double left = (LONGEST_WARM_UP - 0.5) * seconds;
        do {
            compiled = compiler.getTotalCompilationTime();
            run(inference, nanos, REST * seconds);
            left -= REST * seconds;
            if (compiler.getTotalCompilationTime() == compiled) {
                return true;
            }
        } while (left > 0);
        return false;
    }

    private static int run(Runnable inference, long[] nanos, double seconds) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        int count = 0;
        long start = System.nanoTime();
        while (count == 0 || start < end && count < nanos.length) {
            inference.run();
            long now = System.nanoTime();
            nanos[count++] = now - start;
            start = now;
        }
        return count;
    }
}
