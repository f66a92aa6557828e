package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.kernel.schedule.ProductShape;

/**
 * Integer weights [channels][taps][depth] of a product, and the layouts in which kernels want them.
 *
 * @param codes row-major
 */
record PackWeights(int[] codes, int channels, int taps, int depth) {
    /** The narrowest set that holds all of them. */
    ProductShape.Weights kind() {
        boolean zeros = false;
        for (int code : codes) {
            if (code < -1 || code > 1) {
                return ProductShape.Weights.INTEGER;
            }
            zeros |= code == 0;
        }
        return zeros ? ProductShape.Weights.TERNARY : ProductShape.Weights.BINARY;
    }

    private int code(int channel, int k) {
        return codes[channel * taps * depth + k];
    }

    /** Bits [word][channel] of the weights that a plane asks for. */
    private void plane(Plane plane, long[] target, int start) {
        for (int channel = 0; channel < channels; channel++) {
            for (int k = 0; k < taps * depth; k++) {
                if (plane.has(code(channel, k))) {
                    target[start + (k >>> 6) * channels + channel] |= 1L << (k & 63);
                }
            }
        }
    }

    private interface Plane {
        boolean has(int code);
    }

    private int words() {
        return taps * depth + 63 >>> 6;
    }

    /** One plane: bit 1 for +1. */
    long[] binary() {
        long[] packed = new long[words() * channels];
        plane(code -> code > 0, packed, 0);
        return packed;
    }

    /** Two planes: nonzero and positive where activations are bipolar, else positive and negative. */
    long[] ternary(boolean bipolar) {
        int length = words() * channels;
        long[] packed = new long[2 * length];
        plane(bipolar ? code -> code != 0 : code -> code > 0, packed, 0);
        plane(bipolar ? code -> code > 0 : code -> code < 0, packed, length);
        return packed;
    }

    /** Codes [tap][depth][channel], as kernels that run along channels read them. */
    int[] interleaved() {
        int[] result = new int[codes.length];
        for (int channel = 0; channel < channels; channel++) {
            for (int k = 0; k < taps * depth; k++) {
                result[k * channels + channel] = code(channel, k);
            }
        }
        return result;
    }

    /** Floats [channels][k] as [k][channels]. */
    static float[] interleaved(float[] weights, int channels) {
        float[] result = new float[weights.length];
        int length = weights.length / channels;
        for (int channel = 0; channel < channels; channel++) {
            for (int k = 0; k < length; k++) {
                result[k * channels + channel] = weights[channel * length + k];
            }
        }
        return result;
    }

    /** Sum of each channel's weights. */
    int[] sums() {
        int[] sums = new int[channels];
        for (int i = 0; i < codes.length; i++) {
            sums[i / (taps * depth)] += codes[i];
        }
        return sums;
    }

    /** Sum of each tap's weights, [tap][channel]. */
    int[] tapSums() {
        int[] sums = new int[taps * channels];
        for (int i = 0; i < codes.length; i++) {
            int channel = i / (taps * depth);
            int tap = i / depth % taps;
            sums[tap * channels + channel] += codes[i];
        }
        return sums;
    }

    /** Number of each channel's weights that are not 0. */
    int[] nonzeros() {
        int[] counts = new int[channels];
        for (int i = 0; i < codes.length; i++) {
            counts[i / (taps * depth)] += codes[i] == 0 ? 0 : 1;
        }
        return counts;
    }
}
