package dev.tern.benchmarks.contender;

import dev.tern.benchmarks.job.Job;
import dev.tern.benchmarks.job.JobParameters;
import java.nio.file.Path;
import java.util.Optional;

/** One way to do jobs. */
public interface Contender {
    /** How the results of a contender are to agree with those of the compiled model. */
    enum Agreement {
        /** Bit for bit. */
        EXACT,
        /** In their course: the arithmetic is another. */
        CORRELATED
    }

    /** Short, without blanks. */
    String name();

    /** What it is, with its version and what it leaves out of the job. */
    String description();

    /** Why it cannot run on this machine; empty where it can. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** Of the vectors that it is written for; 0 where it takes what it finds. */
    default int vectorBits() {
        return 0;
    }

    /** Whether it can do a job, or is timed beside it. */
    boolean takes(Job job);

    /** How its results agree. */
    Agreement agreement();

    /** Whether it runs code that the JVM has to compile first, and so needs a longer warm-up. */
    boolean compiledByJvm();

    /**
     * Makes a job ready.
     *
     * @param workspace what is compiled once is kept there for the processes to come
     * @throws Exception if the contender refuses the job
     */
    Call prepare(Job job, JobParameters parameters, Path workspace) throws Exception;
}
