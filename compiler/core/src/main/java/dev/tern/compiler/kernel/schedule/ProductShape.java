package dev.tern.compiler.kernel.schedule;

/**
 * What the cost of a product depends on.
 *
 * @param rows output rows (pixels, tokens)
 * @param taps positions of the kernel, 1 for dense
 * @param inputChannels channels of an input row
 * @param channels output channels
 * @param groups 1, or the number of independent groups of channels
 * @param gathered whether the window has to be gathered tap by tap
 * @param activationBits bits of a code, or 0 for f32
 * @param bipolar whether the codes are -1 and +1
 * @param weights what the weights are
 */
public record ProductShape(int rows, int taps, int inputChannels, int channels, int groups, boolean gathered,
        int activationBits, boolean bipolar, Weights weights) {
    /** The widest set that a product's weights fit. */
    public enum Weights {
        /** -1 and +1. */
        BINARY,
        /** -1, 0 and +1. */
        TERNARY,
        /** Codes of up to eight bits. */
        INTEGER,
        /** f32. */
        FLOATING
    }

    /** Products summed for one element of the output. */
    public int depth() {
        return taps * (inputChannels / groups);
    }
}
