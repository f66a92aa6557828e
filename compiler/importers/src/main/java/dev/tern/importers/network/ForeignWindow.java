package dev.tern.importers.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A window that slides over the spatial axes; each list has an entry for each of them.
 *
 * @param before how many places of padding stand before
 * @param after and behind
 */
public record ForeignWindow(List<Integer> kernel, List<Integer> strides, List<Integer> dilations, List<Integer> before,
        List<Integer> after) {
    /** How the file says what stands around the input. */
    public enum AutoPad {
        /** As many places as ceil(size / stride), the odd one behind. */
        SAME_UPPER,
        /** The same, the odd one before. */
        SAME_LOWER
    }

    public ForeignWindow {
        kernel = List.copyOf(kernel);
        strides = List.copyOf(strides);
        dilations = List.copyOf(dilations);
        before = List.copyOf(before);
        after = List.copyOf(after);
        int rank = kernel.size();
        for (List<Integer> list : List.of(strides, dilations, before, after)) {
            if (list.size() != rank) {
                throw new ImportProblemException("strides, dilations and pads do not go with the kernel " + kernel);
            }
        }
        requireWithin("kernel", kernel, 1);
        requireWithin("strides", strides, 1);
        requireWithin("dilations", dilations, 1);
        requireWithin("pads", before, 0);
        requireWithin("pads", after, 0);
    }

    private static void requireWithin(String what, List<Integer> sizes, int least) {
        for (int size : sizes) {
            if (size < least || size > Short.MAX_VALUE) {
                throw new ImportProblemException(what + " of " + size + " are not possible");
            }
        }
    }

    /** Without padding, in steps of one. */
    public static ForeignWindow plain(List<Integer> kernel) {
        return new ForeignWindow(kernel, Collections.nCopies(kernel.size(), 1), Collections.nCopies(kernel.size(), 1),
                Collections.nCopies(kernel.size(), 0), Collections.nCopies(kernel.size(), 0));
    }

    public int rank() {
        return kernel.size();
    }

    /** How many places the kernel spans along an axis. */
    public int reach(int axis) {
        return (kernel.get(axis) - 1) * dilations.get(axis) + 1;
    }

    /** The window with the padding that keeps ceil(size / stride) places. */
    public ForeignWindow same(List<Integer> sizes, AutoPad pad) {
        List<Integer> first = new ArrayList<>();
        List<Integer> last = new ArrayList<>();
        for (int axis = 0; axis < rank(); axis++) {
            int places = (sizes.get(axis) - 1) / strides.get(axis);
            int total = Math.max(0, places * strides.get(axis) + reach(axis) - sizes.get(axis));
            int smaller = total / 2;
            first.add(pad == AutoPad.SAME_UPPER ? smaller : total - smaller);
            last.add(pad == AutoPad.SAME_UPPER ? total - smaller : smaller);
        }
        return new ForeignWindow(kernel, strides, dilations, first, last);
    }

    /**
     * How many places the window has along an axis.
     *
     * @param ceil a last window that begins inside the input or the padding before it counts, too
     * @throws ImportProblemException if it has none
     */
    public int places(int axis, int size, boolean ceil) {
        int room = size + before.get(axis) + after.get(axis) - reach(axis);
        if (room < 0) {
            throw new ImportProblemException("a window of " + reach(axis) + " does not fit into " + size
                    + " places and "
                    + (before.get(axis) + after.get(axis)) + " of padding");
        }
        int stride = strides.get(axis);
        int places = room / stride + 1;
        boolean more = ceil && room % stride != 0 && places * stride < size + before.get(axis);
        return more ? places + 1 : places;
    }

    public boolean padded() {
        return before.stream().anyMatch(p -> p > 0) || after.stream().anyMatch(p -> p > 0);
    }
}
