package dev.tern.compiler.kernel;

/**
 * What a product sums: channel n of group g over all channels of the group under a window. A dense layer is one of one
 * tap.
 *
 * @param inputChannels of all groups
 * @param channels of the output, of all groups
 * @param groups which divide both
 */
public record FilterShape(Window window, int inputChannels, int channels, int groups) {
    /** Of one group. */
    public FilterShape(Window window, int inputChannels, int channels) {
        this(window, inputChannels, channels, 1);
    }

    public int taps() {
        return window.geometry().taps();
    }

    /** Products summed for one element of the output. */
    public int depth() {
        return taps() * (inputChannels / groups);
    }
}
