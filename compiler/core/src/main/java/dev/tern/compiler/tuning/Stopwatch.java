package dev.tern.compiler.tuning;

import com.sun.management.ThreadMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Times calls beside each other, in rounds in which each has its turn, so that whatever else the machine does falls on
 * all alike. The first rounds warm up: they go on while the JIT compiler works or a call gets faster, and longer while
 * one allocates, as vector code does until it is compiled. The fastest turn of each counts, for what disturbs one only
 * makes it slower.
 */
final class Stopwatch {
    /** Of one turn; long enough for the clock, short enough for many. */
    static final long TURN_NANOS = 10_000_000;
    private static final int ROUNDS = 9;
    private static final int LEAST_WARM_UP = 12;
    private static final int MOST_WARM_UP = 100;
    /**
     * For how many turns to wait for what allocates while the JIT compiler finishes nothing: ten seconds. Where other
     * programs want the processor, vector code takes longer in all to be compiled.
     */
    private static final long MOST_TURNS_WHILE_ALLOCATING = 1_000;
    /** How many times as long in all: what is compiled again and again never stops. */
    private static final int MOST_WAITS = 12;
    /** Rounds in which nothing got better. */
    private static final int SETTLED = 6;
    /** What counts as better. */
    private static final double BETTER = 0.95;

    private final List<Runnable> calls;
    private final long turnNanos;
    private final int[] counts;
    private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** Bytes that one call of each allocated in the last round. */
    private final long[] allocated;

    /**
     * How long a call takes at best.
     *
     * @param allocated bytes when it was last measured
     */
    record Time(double nanoseconds, long allocated) {
    }

    private Stopwatch(List<Runnable> calls, long turnNanos) {
        this.calls = calls;
        this.turnNanos = turnNanos;
        this.counts = new int[calls.size()];
        this.allocated = new long[calls.size()];
        Arrays.fill(counts, 1);
    }

    /** The shortest time of each call, in turns of {@link #TURN_NANOS}. */
    static List<Time> fastest(List<Runnable> calls) {
        return fastest(calls, TURN_NANOS);
    }

    /** @param turnNanos of one turn: with less the times are rougher */
    static List<Time> fastest(List<Runnable> calls, long turnNanos) {
        Stopwatch stopwatch = new Stopwatch(calls, turnNanos);
        stopwatch.warmUp();
        double[] fastest = stopwatch.round();
        for (int round = 1; round < ROUNDS; round++) {
            double[] times = stopwatch.round();
            for (int i = 0; i < fastest.length; i++) {
                fastest[i] = Math.min(fastest[i], times[i]);
            }
        }
        return IntStream.range(0, fastest.length).mapToObj(i -> new Time(fastest[i], stopwatch.allocated[i])).toList();
    }

    private void warmUp() {
        double[] best = new double[calls.size()];
        Arrays.fill(best, Double.MAX_VALUE);
        int settled = 0;
        long wait = MOST_TURNS_WHILE_ALLOCATING * turnNanos;
        long start = System.nanoTime();
        long waiting = start;
        for (int round = 0; round < LEAST_WARM_UP || settled < SETTLED && round < MOST_WARM_UP
                || allocates() && System.nanoTime() - waiting < wait
                        && System.nanoTime() - start < MOST_WAITS * wait; round++) {
            long compiled = compilation();
            double[] times = round();
            settled++;
            if (compilation() > compiled) {
                settled = 0;
                waiting = System.nanoTime();
            }
            for (int i = 0; i < best.length; i++) {
                settled = times[i] < BETTER * best[i] ? 0 : settled;
                best[i] = Math.min(best[i], times[i]);
                counts[i] = (int) Math.clamp(turnNanos / Math.max(1, best[i]), 1, 1 << 20);
            }
        }
    }

    private boolean allocates() {
        return Arrays.stream(allocated).anyMatch(bytes -> bytes > 0);
    }

    /** Milliseconds that the JIT compiler has spent. */
    private long compilation() {
        return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                ? compiler.getTotalCompilationTime()
                : 0;
    }

    private double[] round() {
        double[] times = new double[calls.size()];
        for (int i = 0; i < times.length; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            times[i] = turn(calls.get(i), counts[i]);
            allocated[i] = (threads.getCurrentThreadAllocatedBytes() - before) / counts[i];
        }
        return times;
    }

    private static double turn(Runnable call, int count) {
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            call.run();
        }
        return (System.nanoTime() - start) / (double) count;
    }
}
