package dev.tern.compiler.graph.meaning;

import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import java.util.Arrays;
import java.util.List;

/** Operations that move or find elements. */
final class Movements {
    private Movements() {
    }

    /** The entry of a table [n, ...] at an index. */
    static Tensor entries(Tensor.Floats table, Tensor.Integers indices) {
        Shape entry = table.shape().withoutFirst();
        Shape shape = indices.shape().followedBy(entry);
        float[] values = new float[shape.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = table.values()[indices.values()[i / entry.elements()] * entry.elements()
                    + i % entry.elements()];
        }
        return new Tensor.Floats(shape, values);
    }

    static Tensor reshape(Tensor x, Shape shape) {
        return switch (x) {
            case Tensor.Floats floats -> new Tensor.Floats(shape, floats.values());
            case Tensor.Integers integers -> new Tensor.Integers(shape, integers.values());
        };
    }

    static Tensor transpose(Tensor x, List<Integer> permutation, Shape result) {
        int[] from = new int[result.elements()];
        for (int i = 0; i < from.length; i++) {
            int[] there = new int[result.rank()];
            int[] here = index(i, result);
            for (int d = 0; d < here.length; d++) {
                there[permutation.get(d)] = here[d];
            }
            from[i] = offset(there, x.shape());
        }
        return gather(List.of(x), from, result);
    }

    static Tensor slice(Tensor x, int axis, int start, Shape result) {
        int[] from = new int[result.elements()];
        for (int i = 0; i < from.length; i++) {
            int[] index = index(i, result);
            index[axis] += start;
            from[i] = offset(index, x.shape());
        }
        return gather(List.of(x), from, result);
    }

    static Tensor gather(Tensor x, int axis, List<Integer> indices, Shape result) {
        int[] from = new int[result.elements()];
        for (int i = 0; i < from.length; i++) {
            int[] index = index(i, result);
            index[axis] = indices.get(index[axis]);
            from[i] = offset(index, x.shape());
        }
        return gather(List.of(x), from, result);
    }

    static Tensor concat(List<Tensor> parts, int axis, Shape result) {
        int[] from = new int[result.elements()];
        for (int i = 0; i < from.length; i++) {
            int[] index = index(i, result);
            int part = 0;
            int before = 0;
            while (index[axis] >= parts.get(part).shape().dimension(axis)) {
                index[axis] -= parts.get(part).shape().dimension(axis);
                before += parts.get(part).shape().elements();
                part++;
            }
            from[i] = before + offset(index, parts.get(part).shape());
        }
        return gather(parts, from, result);
    }

    static Tensor.Integers argMax(Tensor x, Shape result) {
        int length = x.shape().channels();
        int[] found = new int[result.elements()];
        for (int row = 0; row < found.length; row++) {
            for (int i = 1; i < length; i++) {
                if (greater(x, row * length + i, row * length + found[row])) {
                    found[row] = i;
                }
            }
        }
        return new Tensor.Integers(result, found);
    }

    private static boolean greater(Tensor x, int i, int j) {
        return switch (x) {
            case Tensor.Floats floats -> floats.values()[i] > floats.values()[j];
            case Tensor.Integers integers -> integers.values()[i] > integers.values()[j];
        };
    }

    /** The elements at these places of the parts, taken as one run. */
    private static Tensor gather(List<Tensor> parts, int[] from, Shape result) {
        if (parts.getFirst() instanceof Tensor.Floats) {
            float[] all = new float[parts.stream().mapToInt(p -> p.shape().elements()).sum()];
            int end = 0;
            for (Tensor part : parts) {
                System.arraycopy(((Tensor.Floats) part).values(), 0, all, end, part.shape().elements());
                end += part.shape().elements();
            }
            float[] values = new float[from.length];
            for (int i = 0; i < from.length; i++) {
                values[i] = all[from[i]];
            }
            return new Tensor.Floats(result, values);
        }
        int[] all = parts.stream().flatMapToInt(p -> java.util.Arrays.stream(((Tensor.Integers) p).values())).toArray();
        int[] values = new int[from.length];
        for (int i = 0; i < from.length; i++) {
            values[i] = all[from[i]];
        }
        return new Tensor.Integers(result, values);
    }

    private static int[] index(int offset, Shape shape) {
        int[] index = new int[shape.rank()];
        int rest = offset;
        for (int d = shape.rank() - 1; d >= 0; d--) {
            index[d] = rest % shape.dimension(d);
            rest /= shape.dimension(d);
        }
        return index;
    }

    private static int offset(int[] index, Shape shape) {
        int offset = 0;
        for (int d = 0; d < index.length; d++) {
            offset = offset * shape.dimension(d) + index[d];
        }
        return offset;
    }
}
