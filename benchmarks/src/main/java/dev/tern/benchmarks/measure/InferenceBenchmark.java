package dev.tern.benchmarks.measure;

import dev.tern.benchmarks.contender.Call;
import dev.tern.benchmarks.contender.Contenders;
import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobParameters;
import dev.tern.benchmarks.job.Jobs;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One job in one contender; JMH gives each a process of its own. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class InferenceBenchmark {
    /** The job's name. */
    @Param("")
    public String job;

    /** The contender's name. */
    @Param("")
    public String contender;

    /** The folder of what is made once for all processes. */
    @Param("")
    public String workspace;

    private Call call;

    /** Makes the job ready, and warm. */
    @Setup
    public void prepare() throws Exception {
        Job found = Jobs.named(job);
        call = Contenders.named(contender).prepare(found, JobParameters.of(found), Path.of(workspace));
        Settling.run(call);
    }

    /** One inference; its result stays in arrays of the call. */
    @Benchmark
    public void run() {
        call.run();
    }

    /** Counts what calls allocate. */
    @TearDown(Level.Iteration)
    public void count(Allocation allocation) {
        allocation.count(call);
    }

    /** Gives back what lies outside the heap. */
    @TearDown
    public void close() {
        call.close();
    }
}
