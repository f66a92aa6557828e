package dev.tern.benchmarks.measure;

import dev.tern.benchmarks.contender.Contender;
import dev.tern.benchmarks.job.Job;

/** A job and who does it. */
public record Case(Job job, Contender contender) {
    @Override
    public String toString() {
        return job.name() + " " + contender.name();
    }
}
