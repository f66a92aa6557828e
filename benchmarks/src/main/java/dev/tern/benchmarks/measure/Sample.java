package dev.tern.benchmarks.measure;

/**
 * What one process measured.
 *
 * @param nanos of one inference, the median of its iterations
 * @param allocatedBytes of one inference, the median of its iterations
 */
public record Sample(double nanos, double allocatedBytes) {
}
