package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.graph.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * How the elements of a parameter lie in a file: under other dimensions, which are brought into the model's order and
 * then read as its shape.
 */
final class ElementOrder {
    private static final int[] AS_STORED = {};

    private final Shape shape;
    private final int[] stored;
    private final int[] axes;
    private final int[] columns;

    /**
     * @param shape what the model asks for
     * @param stored the dimensions in the file, of as many elements
     * @param axes dimension i of the model's order is dimension axes[i] of the file
     * @param columns of each place along the shape's last axis, where it lies along that axis in the file; empty where
     *            it lies in the same place
     */
    private ElementOrder(Shape shape, int[] stored, int[] axes, int[] columns) {
        this.shape = shape;
        this.stored = stored;
        this.axes = axes;
        this.columns = columns;
    }

    /** The model's own. */
    static ElementOrder same(Shape shape) {
        return reshaped(shape, shape.toArray());
    }

    /** The model's own under other dimensions. */
    static ElementOrder reshaped(Shape shape, int... stored) {
        int[] axes = new int[stored.length];
        Arrays.setAll(axes, i -> i);
        return new ElementOrder(shape, stored, axes, AS_STORED);
    }

    /** Other dimensions, of which the model's order takes {@code axes[i]} as its i-th. */
    static ElementOrder permuted(Shape shape, int[] stored, int... axes) {
        return new ElementOrder(shape, stored, axes, AS_STORED);
    }

    /** The model's dimensions, with the last axis in another order. */
    static ElementOrder columns(Shape shape, int[] columns) {
        int[] stored = shape.toArray();
        return new ElementOrder(shape, stored, reshaped(shape, stored).axes, columns);
    }

    /** The dimensions in the file. */
    List<Long> dimensions() {
        return Arrays.stream(stored).asLongStream().boxed().toList();
    }

    /** Whether the elements lie in the file as they do in the model, whatever the dimensions. */
    boolean isSame() {
        int last = -1;
        for (int axis : axes) {
            if (stored[axis] > 1) {
                if (axis < last) {
                    return false;
                }
                last = axis;
            }
        }
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] != i) {
                return false;
            }
        }
        return true;
    }

    /** For each element of the model, in row-major order, the place of its element in the file. */
    private int[] places() {
        int[] steps = new int[stored.length];
        int step = 1;
        for (int axis = stored.length - 1; axis >= 0; axis--) {
            steps[axis] = step;
            step *= stored[axis];
        }
        int[] places = new int[shape.elements()];
        int[] index = new int[axes.length];
        int place = 0;
        for (int i = 0; i < places.length; i++) {
            places[i] = place;
            for (int axis = axes.length - 1; axis >= 0; axis--) {
                int from = axes[axis];
                place += steps[from];
                if (++index[axis] < stored[from]) {
                    break;
                }
                place -= index[axis] * steps[from];
                index[axis] = 0;
            }
        }
        return columns.length == 0 ? places : inColumns(places);
    }

    private int[] inColumns(int[] places) {
        int[] moved = new int[places.length];
        for (int i = 0; i < places.length; i++) {
            int column = i % columns.length;
            moved[i] = places[i - column + columns[column]];
        }
        return moved;
    }

    /** The model's elements. */
    float[] read(float[] file) {
        if (isSame()) {
            return file;
        }
        int[] places = places();
        float[] values = new float[file.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = file[places[i]];
        }
        return values;
    }

    /** The model's elements. */
    byte[] read(byte[] file) {
        if (isSame()) {
            return file;
        }
        int[] places = places();
        byte[] values = new byte[file.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = file[places[i]];
        }
        return values;
    }
}
