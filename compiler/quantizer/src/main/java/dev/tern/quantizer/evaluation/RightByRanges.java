package dev.tern.quantizer.evaluation;

/**
 * How many examples are answered right with different ranges of activations.
 *
 * @param real by the float model
 * @param fixed by the compiled class with calibrated ranges
 * @param dynamic by the one with {@code dynamic(bits, minmax)} in their place
 */
public record RightByRanges(Accuracy real, Accuracy fixed, Accuracy dynamic) {
}
