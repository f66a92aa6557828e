package dev.tern.importers.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** Computes operations on constants: arithmetic on shapes, and everything that a file does to its weights. */
final class Folding {
    private Folding() {
    }

    /** @return the result, or empty where the operation is not computed at import */
    static Optional<Constant> evaluate(NetworkOp op, List<Constant> inputs, ForeignTypes.Type type) {
        Constant x = inputs.getFirst();
        return switch (op) {
            case NetworkOp.Unary unary -> Optional.of(unary(unary, x, type));
            case NetworkOp.Binary binary -> Optional.of(binary(binary, x, inputs.get(1), type));
            case NetworkOp.Where _ -> Optional.of(where(inputs, type));
            case NetworkOp.Cast(ElementKind kind) -> Optional.of(cast(x, kind));
            case NetworkOp.Reshape(List<Integer> shape) -> Optional.of(reshaped(x, shape));
            case NetworkOp.Transpose(List<Integer> order) -> Optional.of(transposed(x, order, type));
            case NetworkOp.Concat(int axis) -> Optional.of(joined(inputs, axis, type));
            case NetworkOp.Slice slice -> Optional.of(sliced(x, slice, type));
            case NetworkOp.Gather(int axis) -> Optional.of(gathered(x, inputs.get(1), axis, type));
            case NetworkOp.Expand(List<Integer> shape) -> {
                int[] strides = stretched(x.shape(), shape);
                yield Optional.of(picked(x, type.shape(), i -> index(i, shape, strides)));
            }
            case NetworkOp.Reduce reduce -> ConstantReduction.evaluate(reduce, x, type);
            case NetworkOp.Quantize quantize -> Optional.of(WeightCodes.quantized(quantize, x));
            case NetworkOp.Binarize(float scale) -> Optional.of(WeightCodes.binarized(x, scale));
            case NetworkOp.MatMul _ when x.shape().size() == 2 && inputs.get(1).shape().size() == 2 ->
                Optional.of(product(x, inputs.get(1), type));
            // What remains is not done to weights; it runs where it stands.
            default -> Optional.empty();
        };
    }

    private static Constant unary(NetworkOp.Unary op, Constant x, ForeignTypes.Type type) {
        if (type.kind().floating()) {
            float[] values = x.floats();
            float[] results = new float[values.length];
            for (int i = 0; i < results.length; i++) {
                results[i] = ElementFunctions.apply(op, values[i]);
            }
            return new Constant.Floats(type.shape(), results);
        }
        long[] values = x.integers();
        long[] results = new long[values.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = ElementFunctions.apply(op, values[i]);
        }
        return new Constant.Integers(type.kind(), type.shape(), results);
    }

    private static Constant binary(NetworkOp.Binary op, Constant a, Constant b, ForeignTypes.Type type) {
        if (op.function() == NetworkOp.Binary.Function.MULTIPLY && a instanceof Constant.Coded coded
                && b instanceof Constant.Floats factor && factor.values().length == 1 && factor.values()[0] != 0
                && Float.isFinite(factor.values()[0])) {
            return WeightCodes.scaled(coded, factor.values()[0]);
        }
        int[] left = stretched(a.shape(), type.shape());
        int[] right = stretched(b.shape(), type.shape());
        int elements = Extents.elements(type.shape());
        if (a.kind().floating() || b.kind().floating()) {
            float[] x = a.floats();
            float[] y = b.floats();
            float[] results = new float[elements];
            for (int i = 0; i < elements; i++) {
                results[i] = ElementFunctions.apply(op.function(), x[index(i, type.shape(), left)],
                        y[index(i, type.shape(), right)]);
            }
            return type.kind().floating()
                    ? new Constant.Floats(type.shape(), results)
                    : cast(new Constant.Floats(type.shape(), results), type.kind());
        }
        long[] x = a.integers();
        long[] y = b.integers();
        long[] results = new long[elements];
        for (int i = 0; i < elements; i++) {
            results[i] = ElementFunctions.apply(op.function(), x[index(i, type.shape(), left)],
                    y[index(i, type.shape(), right)]);
        }
        return new Constant.Integers(type.kind(), type.shape(), results);
    }

    private static Constant where(List<Constant> inputs, ForeignTypes.Type type) {
        long[] condition = inputs.get(0).integers();
        int[] strides = stretched(inputs.get(0).shape(), type.shape());
        int[] left = stretched(inputs.get(1).shape(), type.shape());
        int[] right = stretched(inputs.get(2).shape(), type.shape());
        List<Integer> shape = type.shape();
        Constant both = joinedFlat(inputs.get(1), inputs.get(2));
        int second = Extents.elements(inputs.get(1).shape());
        return picked(both, shape, i -> condition[index(i, shape, strides)] != 0
                ? index(i, shape, left)
                : second + index(i, shape, right));
    }

    private static Constant joinedFlat(Constant a, Constant b) {
        Constant first = reshaped(a, List.of(Extents.elements(a.shape())));
        Constant last = reshaped(b, List.of(Extents.elements(b.shape())));
        List<Integer> shape = List.of(first.shape().getFirst() + last.shape().getFirst());
        return joined(List.of(first, last), 0, new ForeignTypes.Type(a.kind(), shape));
    }

    private static Constant cast(Constant x, ElementKind kind) {
        if (kind == x.kind()) {
            return x;
        }
        if (kind.floating()) {
            return new Constant.Floats(x.shape(), x.floats());
        }
        if (!x.kind().floating()) {
            long[] values = x.integers();
            return new Constant.Integers(kind, x.shape(),
                    kind == ElementKind.BOOL ? Arrays.stream(values).map(v -> v == 0 ? 0 : 1).toArray() : values);
        }
        float[] values = x.floats();
        long[] whole = new long[values.length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = kind == ElementKind.BOOL ? values[i] == 0 ? 0 : 1 : (long) values[i];
        }
        return new Constant.Integers(kind, x.shape(), whole);
    }

    private static Constant reshaped(Constant x, List<Integer> shape) {
        return switch (x) {
            case Constant.Floats floats -> new Constant.Floats(shape, floats.values());
            case Constant.Integers integers -> new Constant.Integers(integers.kind(), shape, integers.values());
            case Constant.Coded coded -> WeightCodes.reshaped(coded, shape);
            case Constant.Grouped grouped -> grouped.shape().equals(shape)
                    ? grouped
                    : new Constant.Floats(shape, grouped.floats());
        };
    }

    private static Constant transposed(Constant x, List<Integer> order, ForeignTypes.Type type) {
        int[] from = Extents.strides(x.shape());
        int[] strides = order.stream().mapToInt(axis -> from[axis]).toArray();
        IntUnaryOperator source = i -> index(i, type.shape(), strides);
        if (x instanceof Constant.Grouped grouped) {
            return grouped.map(part -> transposed(part, order, new ForeignTypes.Type(part.kind(),
                    order.stream().map(part.shape()::get).toList())), order.indexOf(grouped.axis()));
        }
        if (x instanceof Constant.Coded coded && coded.scales().length > 1) {
            int[] codes = new int[coded.codes().length];
            Arrays.setAll(codes, i -> coded.codes()[source.applyAsInt(i)]);
            return new Constant.Coded(type.shape(), codes, coded.bits(), coded.narrow(), coded.scales(),
                    order.indexOf(coded.axis()));
        }
        return picked(x, type.shape(), source);
    }

    private static Constant joined(List<Constant> inputs, int axis, ForeignTypes.Type type) {
        int outer = Extents.elements(type.shape().subList(0, axis));
        if (type.kind().floating()) {
            float[] results = new float[Extents.elements(type.shape())];
            int at = 0;
            List<float[]> parts = inputs.stream().map(Constant::floats).toList();
            for (int i = 0; i < outer; i++) {
                for (float[] part : parts) {
                    int length = part.length / outer;
                    System.arraycopy(part, i * length, results, at, length);
                    at += length;
                }
            }
            return new Constant.Floats(type.shape(), results);
        }
        long[] results = new long[Extents.elements(type.shape())];
        int at = 0;
        List<long[]> parts = inputs.stream().map(Constant::integers).toList();
        for (int i = 0; i < outer; i++) {
            for (long[] part : parts) {
                int length = part.length / outer;
                System.arraycopy(part, i * length, results, at, length);
                at += length;
            }
        }
        return new Constant.Integers(type.kind(), type.shape(), results);
    }

    private static Constant sliced(Constant x, NetworkOp.Slice slice, ForeignTypes.Type type) {
        int[] strides = Extents.strides(x.shape());
        int offset = slice.start() * strides[slice.axis()];
        int[] stepped = strides.clone();
        stepped[slice.axis()] *= slice.step();
        return picked(x, type.shape(), i -> offset + index(i, type.shape(), stepped));
    }

    private static Constant gathered(Constant x, Constant indices, int axis, ForeignTypes.Type type) {
        int size = x.shape().get(axis);
        long[] named = indices.integers();
        int inner = Extents.strides(x.shape())[axis];
        for (int i = 0; i < named.length; i++) {
            named[i] = Extents.axis(named[i], size);
        }
        int row = inner * Math.max(1, named.length);
        return picked(x, type.shape(),
                i -> i / row * size * inner + (int) named[i / inner % named.length] * inner + i % inner);
    }

    private static Constant product(Constant a, Constant b, ForeignTypes.Type type) {
        float[] x = a.floats();
        float[] y = b.floats();
        int inner = a.shape().get(1);
        int columns = b.shape().get(1);
        float[] results = new float[Extents.elements(type.shape())];
        if ((long) results.length * inner > Extents.MOST_ELEMENTS) {
            throw new ImportProblemException("a product of constants has more than 2^28 multiplications");
        }
        for (int i = 0; i < results.length; i++) {
            float sum = 0;
            for (int k = 0; k < inner; k++) {
                sum += x[i / columns * inner + k] * y[k * columns + i % columns];
            }
            results[i] = sum;
        }
        return new Constant.Floats(type.shape(), results);
    }

    /** A tensor of elements of another. @param source where each comes from */
    private static Constant picked(Constant x, List<Integer> shape, IntUnaryOperator source) {
        int elements = Extents.elements(shape);
        switch (x) {
            case Constant.Integers integers -> {
                long[] values = new long[elements];
                Arrays.setAll(values, i -> integers.values()[source.applyAsInt(i)]);
                return new Constant.Integers(integers.kind(), shape, values);
            }
            case Constant.Coded coded when coded.scales().length == 1 -> {
                int[] codes = new int[elements];
                Arrays.setAll(codes, i -> coded.codes()[source.applyAsInt(i)]);
                return new Constant.Coded(shape, codes, coded.bits(), coded.narrow(), coded.scales(), coded.axis());
            }
            case Constant.Coded _,Constant.Grouped _,Constant.Floats _ -> {
                float[] from = x.floats();
                float[] values = new float[elements];
                for (int i = 0; i < elements; i++) {
                    values[i] = from[source.applyAsInt(i)];
                }
                return new Constant.Floats(shape, values);
            }
        }
    }

    /** Strides with 0 along axes that are stretched. */
    static int[] stretched(List<Integer> from, List<Integer> to) {
        int[] strides = Extents.strides(from);
        int[] result = new int[to.size()];
        int missing = to.size() - from.size();
        for (int axis = missing; axis < to.size(); axis++) {
            result[axis] = from.get(axis - missing) == 1 ? 0 : strides[axis - missing];
        }
        return result;
    }

    /** Where the i-th element of a shape lies under other strides. */
    static int index(int element, List<Integer> shape, int[] strides) {
        int index = 0;
        int rest = element;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            int size = shape.get(axis);
            index += rest % size * strides[axis];
            rest /= size;
        }
        return index;
    }

    /** All axes but some, in order. */
    static List<Integer> others(int rank, List<Integer> axes) {
        List<Integer> others = new ArrayList<>(Extents.range(rank));
        others.removeAll(axes);
        return others;
    }
}
