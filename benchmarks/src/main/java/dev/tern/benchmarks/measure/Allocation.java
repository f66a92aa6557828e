package dev.tern.benchmarks.measure;

import com.sun.management.ThreadMXBean;
import dev.tern.benchmarks.contender.Call;
import java.lang.management.ManagementFactory;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What calls leave for the garbage collector, counted exactly. JMH's own profiler counts what JMH allocates too, which
 * with slow calls and short iterations would hide that there is nothing.
 */
@AuxCounters(AuxCounters.Type.EVENTS)
@State(Scope.Thread)
public class Allocation {
    private static final int CALLS = 16;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private double allocatedBytes;

    /** Of a call of this iteration. */
    public double allocatedBytes() {
        return allocatedBytes;
    }

    /** Counts those of some calls after an iteration. */
    void count(Call call) {
        THREADS.getCurrentThreadAllocatedBytes();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        allocatedBytes = (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }
}
