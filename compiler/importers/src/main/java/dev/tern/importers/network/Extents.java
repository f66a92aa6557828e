package dev.tern.importers.network;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Arithmetic on shapes: lists of sizes, outermost first, none for a scalar. */
public final class Extents {
    /** The most elements that one tensor may have. */
    public static final long MOST_ELEMENTS = 1L << 28;

    private Extents() {
    }

    /**
     * The product of the sizes.
     *
     * @throws ImportProblemException if it is more than {@link #MOST_ELEMENTS}, or a size is negative
     */
    public static int elements(List<Integer> shape) {
        long elements = 1;
        for (int size : shape) {
            if (size < 0) {
                throw new ImportProblemException("the shape " + shape + " has a negative size");
            }
            elements *= size;
            if (elements > MOST_ELEMENTS) {
                throw new ImportProblemException("a tensor of shape " + shape + " has more than 2^28 elements");
            }
        }
        return (int) elements;
    }

    /** How many elements apart neighbours along each axis are. */
    public static int[] strides(List<Integer> shape) {
        int[] strides = new int[shape.size()];
        int stride = 1;
        for (int axis = shape.size() - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape.get(axis);
        }
        return strides;
    }

    /** Both shapes stretched over each other: trailing axes align, and a size of 1 stretches. */
    public static List<Integer> broadcast(List<Integer> a, List<Integer> b) {
        int rank = Math.max(a.size(), b.size());
        List<Integer> result = new ArrayList<>();
        for (int i = rank; i >= 1; i--) {
            int left = i <= a.size() ? a.get(a.size() - i) : 1;
            int right = i <= b.size() ? b.get(b.size() - i) : 1;
            if (left != right && left != 1 && right != 1) {
                throw new ImportProblemException("shapes " + a + " and " + b + " do not go together");
            }
            result.add(left == 1 ? right : left);
        }
        return List.copyOf(result);
    }

    /**
     * An axis that may be counted from the end.
     *
     * @throws ImportProblemException if there is no such axis
     */
    public static int axis(long axis, int rank) {
        long counted = axis < 0 ? axis + rank : axis;
        if (counted < 0 || counted >= rank) {
            throw new ImportProblemException("there is no axis " + axis + " in a tensor of " + rank + " axes");
        }
        return (int) counted;
    }

    /** The shape with its axes in another order. */
    public static List<Integer> permuted(List<Integer> shape, List<Integer> order) {
        if (order.size() != shape.size() || !order.stream().sorted().toList().equals(range(shape.size()))) {
            throw new ImportProblemException(order + " is no order of the axes of " + shape);
        }
        return order.stream().map(shape::get).toList();
    }

    /** 0, 1, ... up to and without the end. */
    public static List<Integer> range(int end) {
        return IntStream.range(0, end).boxed().toList();
    }

    /** The shape with one size changed. */
    public static List<Integer> with(List<Integer> shape, int axis, int size) {
        List<Integer> changed = new ArrayList<>(shape);
        changed.set(axis, size);
        return List.copyOf(changed);
    }
}
