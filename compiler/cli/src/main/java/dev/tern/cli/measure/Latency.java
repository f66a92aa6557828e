package dev.tern.cli.measure;

import com.sun.management.ThreadMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;

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
    /** Of the time that is measured, what one takes before the next has its turn. */
    private static final double TURN = 1 / 10.0;
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
        return measure(List.of(inference), seconds).getFirst();
    }

    /**
     * The same of several beside each other: once all are warm each has its turn, again and again, so that whatever
     * else the machine does falls on all alike.
     */
    static List<Latency> measure(List<Runnable> inferences, double seconds) {
        List<Turns> all = inferences.stream().map(inference -> new Turns(inference, seconds)).toList();
        all.forEach(Turns::warmUp);
        while (!all.stream().allMatch(Turns::done)) {
            all.stream().filter(turns -> !turns.done()).forEach(Turns::next);
        }
        return all.stream().map(Turns::latency).toList();
    }

    /** Those of one inference. */
    private static final class Turns {
        private final Runnable inference;
        private final double seconds;
        private final long[] nanos = new long[MOST];
        private int count;
        private double spent;
        private long allocated;
        private boolean settled;

        Turns(Runnable inference, double seconds) {
            this.inference = inference;
            this.seconds = seconds;
        }

        boolean done() {
            return spent >= seconds || count == MOST;
        }

        void next() {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            threads.getCurrentThreadAllocatedBytes();
            long before = threads.getCurrentThreadAllocatedBytes();
            spent += run(TURN * seconds);
            allocated += threads.getCurrentThreadAllocatedBytes() - before;
        }

        /** Ends with whether the JIT compiler rested, as far as this JVM tells. */
        void warmUp() {
            warm(seconds / 2);
            CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
            settled = compiler == null || !compiler.isCompilationTimeMonitoringSupported();
            for (double left = (LONGEST_WARM_UP - 0.5) * seconds; !settled && left > 0; left -= REST * seconds) {
                long compiled = compiler.getTotalCompilationTime();
                warm(REST * seconds);
                settled = compiler.getTotalCompilationTime() == compiled;
            }
            count = 0;
        }

        /** Inferences that are not kept, however many, for so many seconds. */
        private void warm(double most) {
            for (double left = most; left > 0;) {
                count = 0;
                left -= run(left);
            }
        }

        Latency latency() {
            Arrays.sort(nanos, 0, count);
            return new Latency(count, nanos[count / 2], nanos[(int) Math.min(count - 1L, count * 99L / 100)],
                    (double) allocated / count, settled);
        }

        /**
         * Until the time is over or as many are kept as can be, and at least one, for which there must be room.
         *
         * @return for how many seconds
         */
        private double run(double most) {
            long begin = System.nanoTime();
            long end = begin + (long) (most * 1e9);
            long start = begin;
            do {
                inference.run();
                long now = System.nanoTime();
                nanos[count++] = now - start;
                start = now;
            } while (start < end && count < MOST);
            return (start - begin) / 1e9;
        }
    }
}
