package dev.tern.compiler.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A static, batch-free shape, outermost dimension first; a scalar has none. */
public final class Shape {
    /** More elements than this in one tensor are refused where the shape is written. */
    public static final long MAX_ELEMENTS = 1L << 28;

    private final int[] dimensions;

    private Shape(int[] dimensions) {
        this.dimensions = dimensions;
    }

    /**
     * @throws IllegalArgumentException if a dimension is under 1 or the product exceeds {@link #MAX_ELEMENTS}
     */
    public static Shape of(int... dimensions) {
        long elements = 1;
        for (int dimension : dimensions) {
            if (dimension < 1) {
                throw new IllegalArgumentException("dimension " + dimension);
            }
            elements = Math.multiplyExact(elements, (long) dimension);
            if (elements > MAX_ELEMENTS) {
                throw new IllegalArgumentException("too many elements: " + Arrays.toString(dimensions));
            }
        }
        return new Shape(dimensions.clone());
    }

    public static Shape of(List<Integer> dimensions) {
        return of(dimensions.stream().mapToInt(Integer::intValue).toArray());
    }

    public static Shape scalar() {
        return new Shape(new int[0]);
    }

    public int rank() {
        return dimensions.length;
    }

    public int dimension(int index) {
        return dimensions[index];
    }

    /** The last dimension: channels; 1 for a scalar. */
    public int channels() {
        return dimensions.length == 0 ? 1 : dimensions[dimensions.length - 1];
    }

    /** The product of all but the last dimension: pixels, tokens; 1 for a vector. */
    public int rows() {
        return elements() / channels();
    }

    /** These dimensions, then others. */
    public Shape followedBy(Shape more) {
        int[] all = Arrays.copyOf(dimensions, dimensions.length + more.dimensions.length);
        System.arraycopy(more.dimensions, 0, all, dimensions.length, more.dimensions.length);
        return new Shape(all);
    }

    /** The shape of an entry, where the first dimension counts entries. */
    public Shape withoutFirst() {
        return new Shape(Arrays.copyOfRange(dimensions, 1, dimensions.length));
    }

    public int elements() {
        int product = 1;
        for (int dimension : dimensions) {
            product *= dimension;
        }
        return product;
    }

    public int[] toArray() {
        return dimensions.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dimensions);
    }

    /** {@code [28, 28, 1]}. */
    @Override
    public String toString() {
        return Arrays.stream(dimensions).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
