package dev.tern.benchmarks.measure;

import java.util.List;

/**
 * What became of one case.
 *
 * @param job its name
 * @param contender its name
 * @param samples one per round; none where it could not run
 * @param remark why it could not run; empty where it did
 */
public record Measurement(String job, String contender, List<Sample> samples, String remark) {
    public Measurement {
        samples = List.copyOf(samples);
    }

    /** Whether there are figures. */
    public boolean ran() {
        return !samples.isEmpty();
    }

    /** The median over the rounds. */
    public double nanos() {
        double[] sorted = samples.stream().mapToDouble(Sample::nanos).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** The fastest round. */
    public double bestNanos() {
        return samples.stream().mapToDouble(Sample::nanos).min().orElseThrow();
    }

    /** The slowest round. */
    public double worstNanos() {
        return samples.stream().mapToDouble(Sample::nanos).max().orElseThrow();
    }

    /** Of one inference, in the round that allocated most. */
    public double allocatedBytes() {
        return samples.stream().mapToDouble(Sample::allocatedBytes).max().orElseThrow();
    }
}
