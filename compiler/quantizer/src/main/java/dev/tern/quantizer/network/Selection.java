package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Shape;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Where the elements of a moved value come from, row-major: the index tables of {@link Select}. */
final class Selection {
    private Selection() {
    }

    /** Elements {@code start} and on of one axis. */
    static int[] slice(Shape input, Shape output, int axis, int start) {
        return along(input, output, axis, i -> i + start);
    }

    /** Element i of the output along the axis is element {@code indices[i]} of the input. */
    static int[] gather(Shape input, Shape output, int axis, List<Integer> indices) {
        return along(input, output, axis, indices::get);
    }

    /** One part of a concatenation, which begins at {@code start} along the axis. */
    static int[] part(Shape input, Shape output, int axis, int start) {
        int end = start + input.dimension(axis);
        return along(input, output, axis, i -> i < start || i >= end ? Select.ELSEWHERE : i - start);
    }

    /** Dimension i of the output is dimension {@code permutation[i]} of the input. */
    static int[] transpose(Shape input, Shape output, List<Integer> permutation) {
        int[] strides = strides(input);
        int[] from = new int[output.elements()];
        for (int i = 0; i < from.length; i++) {
            int rest = i;
            for (int axis = output.rank() - 1; axis >= 0; axis--) {
                from[i] += rest % output.dimension(axis) * strides[permutation.get(axis)];
                rest /= output.dimension(axis);
            }
        }
        return from;
    }

    /** Trailing dimensions align, 1 stretches. */
    static int[] broadcast(Shape input, Shape output) {
        int[] strides = strides(input);
        int offset = output.rank() - input.rank();
        int[] from = new int[output.elements()];
        for (int i = 0; i < from.length; i++) {
            int rest = i;
            for (int axis = output.rank() - 1; axis >= 0; axis--) {
                int inner = axis - offset;
                if (inner >= 0 && input.dimension(inner) > 1) {
                    from[i] += rest % output.dimension(axis) * strides[inner];
                }
                rest /= output.dimension(axis);
            }
        }
        return from;
    }

    private static int[] along(Shape input, Shape output, int axis, IntUnaryOperator index) {
        int inner = 1;
        for (int i = axis + 1; i < output.rank(); i++) {
            inner *= output.dimension(i);
        }
        int length = output.dimension(axis);
        int[] from = new int[output.elements()];
        for (int i = 0; i < from.length; i++) {
            int at = index.applyAsInt(i / inner % length);
            from[i] = at == Select.ELSEWHERE
                    ? Select.ELSEWHERE
                    : (i / inner / length * input.dimension(axis) + at) * inner + i % inner;
        }
        return from;
    }

    private static int[] strides(Shape shape) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape.dimension(axis);
        }
        return strides;
    }
}
