package dev.tern.compiler.kernel.pack;

import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.LookUpForm;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.runtime.layout.ArrayLayout;
import dev.tern.runtime.layout.BitPlanes;
import dev.tern.runtime.layout.CodeSums;
import dev.tern.runtime.layout.LookUpIndices;
import dev.tern.runtime.layout.WeightLayout;

/**
 * Binary or ternary weights of a product, and the layouts in which kernels want them.
 *
 * @param codes [tap][depth][channel], as products that multiply have them
 */
record UnpackedCodes(ConstantArray.Bytes codes, int channels, int taps, int depth) {
    /** How packed kernels take them. */
    WeightForm form() {
        for (byte code : codes.values()) {
            if (code == 0) {
                return WeightForm.TERNARY;
            }
        }
        return WeightForm.BINARY;
    }

    /**
     * Where the words of packed weights lie.
     *
     * @param lanes longs in a vector of the panels, 0 for interleaved weights
     */
    WeightLayout layout(int lanes, int panelVectors) {
        return new WeightLayout(form() == WeightForm.TERNARY ? 2 : 1, taps * depth + 63 >>> 6, channels, lanes,
                panelVectors);
    }

    /** BitPlanes.Planes for popcounts, which in ternary weights are others where activations are bipolar. */
    BitPlanes planes(boolean bipolar, WeightLayout layout) {
        BitPlanes.Planes ternary = bipolar ? BitPlanes.Planes.NONZERO : BitPlanes.Planes.SIGNS;
        return new BitPlanes(form() == WeightForm.BINARY ? BitPlanes.Planes.BINARY : ternary, layout);
    }

    /** Indices of neighbouring weights. @param lanes bytes in a vector */
    LookUpIndices indices(LookUpForm form, int lanes) {
        return new LookUpIndices(form.index(), taps, depth, channels, lanes);
    }

    /** Of each channel {@code constant + ofSum * (sum of weights) + ofNonzero * (weights that are not 0)}. */
    CodeSums sums(int ofSum, int ofNonzero, int constant) {
        return new CodeSums(1, channels, ofSum, ofNonzero, constant);
    }

    /** Sum of each tap's weights, [tap][channel]. */
    CodeSums tapSums() {
        return new CodeSums(taps, channels, 1, 0, 0);
    }

    /** A constant that is made from the codes. */
    ConstantArray laidOut(String name, ArrayLayout layout) {
        return ConstantArray.laidOut(name, codes, layout);
    }
}
