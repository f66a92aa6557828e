package dev.tern.compiler.kernel.pack;

import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.LookUpForm;
import dev.tern.compiler.kernel.Producer.WeightForm;
import dev.tern.compiler.target.Word;
import dev.tern.runtime.layout.ArrayLayout;
import dev.tern.runtime.layout.BitPlanes;
import dev.tern.runtime.layout.CodeSums;
import dev.tern.runtime.layout.LookUpIndices;
import dev.tern.runtime.layout.PackedCodes;
import dev.tern.runtime.layout.WeightLayout;

/**
 * Weights of a product as codes, and the layouts in which kernels want them.
 *
 * @param codes [tap][depth][channel], as products that multiply have them
 */
record UnpackedCodes(ConstantArray.Bytes codes, int channels, int taps, int depth) {
    /** How packed kernels take them. */
    WeightForm form() {
        WeightForm form = WeightForm.BINARY;
        for (byte code : codes.values()) {
            if (code < -1 || code > 1) {
                return WeightForm.INTEGER;
            }
            form = code == 0 ? WeightForm.TERNARY : form;
        }
        return form;
    }

    private int planes() {
        return switch (form()) {
            case BINARY -> 1;
            case TERNARY -> 2;
            case INTEGER -> PackedCodes.of(codes.values()).width();
        };
    }

    /**
     * Where the words of packed weights lie.
     *
     * @param lanes longs in a vector of the panels, 0 for interleaved weights
     */
    WeightLayout layout(Word word, int lanes, int panelVectors) {
        return new WeightLayout(planes(), word.count(taps * depth), channels, lanes, panelVectors);
    }

    /** The same of words of 16 bits in panels of one vector. @param lanes longs in it */
    WeightLayout layoutOfShorts(int lanes) {
        return new WeightLayout(planes(), (taps * depth + Short.SIZE - 1) / Short.SIZE, channels, lanes, 1);
    }

    /** Planes for popcounts, which in ternary weights are others where activations are bipolar. */
    BitPlanes planes(boolean bipolar, Word word, WeightLayout layout) {
        return new BitPlanes(switch (form()) {
            case BINARY -> BitPlanes.Planes.BINARY;
            case TERNARY -> bipolar ? BitPlanes.Planes.NONZERO : BitPlanes.Planes.SIGNS;
            case INTEGER -> BitPlanes.Planes.BITS;
        }, layout.shorts() ? Short.SIZE : word.bits(), layout);
    }

    /** Indices of neighbouring weights. @param lanes bytes in a vector */
    LookUpIndices indices(LookUpForm form, int lanes) {
        return new LookUpIndices(form.index(), taps, depth, channels, lanes);
    }

    /** Of each channel {@code constant + ofSum * (sum of weights) + ofNonzero * (weights that are not 0)}. */
    CodeSums sums(int ofSum, int ofNonzero, int constant) {
        return new CodeSums(channels, ofSum, ofNonzero, constant);
    }

    /** A constant that is made from the codes. */
    ConstantArray laidOut(String name, ArrayLayout layout) {
        return ConstantArray.laidOut(name, codes, layout);
    }
}
