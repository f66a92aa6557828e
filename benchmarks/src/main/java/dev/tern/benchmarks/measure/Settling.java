package dev.tern.benchmarks.measure;

import dev.tern.benchmarks.contender.Call;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/**
 * Warms a call up until its time settles: the JIT compiler has stopped, and turns are no faster than those before.
 * Vector code of 256 bits takes some seconds to get there, native code a few turns.
 */
final class Settling {
    private static final long TURN_NANOS = 20_000_000;
    /** Turns in which nothing got better. */
    private static final int SETTLED = 8;
    private static final double BETTER = 0.97;
    private static final long MOST_NANOS = 20_000_000_000L;

    private Settling() {
    }

    static void run(Call call) {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        long start = System.nanoTime();
        double best = Double.MAX_VALUE;
        for (int settled = 0; settled < SETTLED && System.nanoTime() - start < MOST_NANOS;) {
            long compiled = compiler == null ? 0 : compiler.getTotalCompilationTime();
            double nanos = turn(call);
            boolean quiet = compiler == null || compiler.getTotalCompilationTime() == compiled;
            settled = quiet && nanos > BETTER * best ? settled + 1 : 0;
            best = Math.min(best, nanos);
        }
    }

    private static double turn(Call call) {
        long start = System.nanoTime();
        int calls = 0;
        while (System.nanoTime() - start < TURN_NANOS) {
            call.run();
            calls++;
        }
        return (System.nanoTime() - start) / (double) calls;
    }
}
