package dev.tern.importers.tern;

import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring axes that become neighbouring axes of another shape, elements in order. Axes of size 1 are in no group.
 *
 * @param from axes of the old shape
 * @param to axes of the new shape with as many elements
 */
record AxisGroup(List<Integer> from, List<Integer> to) {
    AxisGroup {
        from = List.copyOf(from);
        to = List.copyOf(to);
    }

    /** The smallest groups into which two shapes of as many elements fall. */
    static List<AxisGroup> match(List<Integer> old, List<Integer> shape) {
        List<AxisGroup> groups = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < old.size() || j < shape.size()) {
            if (i < old.size() && old.get(i) == 1) {
                i++;
                continue;
            }
            if (j < shape.size() && shape.get(j) == 1) {
                j++;
                continue;
            }
            List<Integer> from = new ArrayList<>();
            List<Integer> to = new ArrayList<>();
            long left = 1;
            long right = 1;
            do {
                if (left <= right && i < old.size()) {
                    left *= old.get(i);
                    addUnlessOne(from, i++, old);
                } else {
                    right *= shape.get(j);
                    addUnlessOne(to, j++, shape);
                }
            } while (left != right);
            groups.add(new AxisGroup(from, to));
        }
        return groups;
    }

    private static void addUnlessOne(List<Integer> axes, int axis, List<Integer> shape) {
        if (shape.get(axis) != 1) {
            axes.add(axis);
        }
    }
}
