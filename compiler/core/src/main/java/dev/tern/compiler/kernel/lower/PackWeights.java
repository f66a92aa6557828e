package dev.tern.compiler.kernel.lower;

import dev.tern.compiler.kernel.LookUpForm;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.kernel.WeightLayout;
import dev.tern.compiler.kernel.cost.ProductShape;

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

    /** The greatest magnitude, 1 at least. */
    int greatest() {
        int greatest = 1;
        for (int code : codes) {
            greatest = Math.max(greatest, Math.abs(code));
        }
        return greatest;
    }

    private int code(int channel, int k) {
        return codes[channel * taps * depth + k];
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

    /** How packed kernels take them. */
    WeightForm form() {
        return kind() == ProductShape.Weights.BINARY ? WeightForm.BINARY : WeightForm.TERNARY;
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

    /** Ints [channels][k] as [k][channels]. */
    static int[] interleaved(int[] values, int channels) {
        int length = values.length / channels;
        return new PackWeights(values, channels, 1, length).interleaved();
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
