package dev.tern.compiler.kernel.pack;

import dev.tern.compiler.kernel.LookUpForm;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.kernel.WeightLayout;

/**
 * Binary or ternary weights of a product, and the layouts in which kernels want them.
 *
 * @param codes [tap][depth][channel], as products that multiply have them
 */
public record WeightCodes(byte[] codes, int channels, int taps, int depth) {
    /** How packed kernels take them. */
    public WeightForm form() {
        for (byte code : codes) {
            if (code == 0) {
                return WeightForm.TERNARY;
            }
        }
        return WeightForm.BINARY;
    }

    private int code(int channel, int k) {
        return codes[k * channels + channel];
    }

    /** Sets the bits of one plane: those of the weights that it asks for. */
    private void plane(int number, Plane plane, WeightLayout layout, long[] target) {
        for (int channel = 0; channel < channels; channel++) {
            for (int k = 0; k < taps * depth; k++) {
                if (plane.has(code(channel, k))) {
                    target[layout.index(number, k >>> 6, channel)] |= 1L << (k & 63);
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

    /**
     * Where the words of packed weights lie.
     *
     * @param lanes longs in a vector of the panels, 0 for interleaved weights
     */
    WeightLayout layout(int lanes, int panelVectors) {
        return new WeightLayout(form() == WeightForm.TERNARY ? 2 : 1, words(), channels, lanes, panelVectors);
    }

    /** One plane: bit 1 for +1. */
    long[] binary(WeightLayout layout) {
        long[] packed = new long[layout.length()];
        plane(0, code -> code > 0, layout, packed);
        return packed;
    }

    /** Two planes: nonzero and positive where activations are bipolar, else positive and negative. */
    long[] ternary(boolean bipolar, WeightLayout layout) {
        long[] packed = new long[layout.length()];
        plane(0, bipolar ? code -> code != 0 : code -> code > 0, layout, packed);
        plane(1, bipolar ? code -> code > 0 : code -> code < 0, layout, packed);
        return packed;
    }

    /** Indices of neighbouring weights, see {@link Producer.LookUpProduct}. @param lanes bytes in a vector */
    int[] indices(LookUpForm form, int lanes) {
        int groups = form.groups(depth);
        int[] indices = new int[(channels + lanes - 1) / lanes * lanes * taps * groups];
        for (int channel = 0; channel < channels; channel++) {
            for (int lookUp = 0; lookUp < taps * groups; lookUp++) {
                int index = 0;
                for (int i = form.perIndex() - 1; i >= 0; i--) {
                    int k = lookUp % groups * form.perIndex() + i;
                    int weight = k < depth ? code(channel, lookUp / groups * depth + k) : 0;
                    index = index * form.base() + form.digitOf(weight);
                }
                indices[LookUpForm.lane(channel, lookUp, taps * groups, lanes)] = index
                        + LookUpForm.inVector(lookUp % groups, lanes) * LookUpForm.TABLE;
            }
        }
        return indices;
    }

    /** Floats [channels][k] as [k][channels]. */
    public static float[] interleaved(float[] weights, int channels) {
        float[] result = new float[weights.length];
        int length = weights.length / channels;
        for (int channel = 0; channel < channels; channel++) {
            for (int k = 0; k < length; k++) {
                result[k * channels + channel] = weights[channel * length + k];
            }
        }
        return result;
    }

    /** Ints [channels][k] as [k][channels]. */
    public static int[] interleaved(int[] values, int channels) {
        int[] result = new int[values.length];
        int length = values.length / channels;
        for (int channel = 0; channel < channels; channel++) {
            for (int k = 0; k < length; k++) {
                result[k * channels + channel] = values[channel * length + k];
            }
        }
        return result;
    }

    /** Sum of each channel's weights. */
    int[] sums() {
        int[] sums = new int[channels];
        for (int i = 0; i < codes.length; i++) {
            sums[i % channels] += codes[i];
        }
        return sums;
    }

    /** Sum of each tap's weights, [tap][channel]. */
    int[] tapSums() {
        int[] sums = new int[taps * channels];
        for (int i = 0; i < codes.length; i++) {
            sums[i / (depth * channels) * channels + i % channels] += codes[i];
        }
        return sums;
    }

    /** Number of each channel's weights that are not 0. */
    int[] nonzeros() {
        int[] counts = new int[channels];
        for (int i = 0; i < codes.length; i++) {
            counts[i % channels] += codes[i] == 0 ? 0 : 1;
        }
        return counts;
    }
}
