package dev.tern.importers.network;

import java.util.ArrayList;
import java.util.List;

/** The kinds and shapes that operations give. */
final class ForeignTypes {
    /** A kind and a shape. */
    record Type(ElementKind kind, List<Integer> shape) {
    }

    private ForeignTypes() {
    }

    /** @throws ImportProblemException if the operands do not suit the operation */
    static Type of(NetworkOp op, List<ForeignValue> inputs) {
        ForeignValue x = inputs.getFirst();
        return switch (op) {
            case NetworkOp.Unary unary -> new Type(
                    unary.function() == NetworkOp.Unary.Function.NOT ? ElementKind.BOOL : x.kind(), x.shape());
            case NetworkOp.Binary binary -> new Type(binary.function().truth() ? ElementKind.BOOL : x.kind(),
                    Extents.broadcast(x.shape(), inputs.get(1).shape()));
            case NetworkOp.Where _ -> new Type(inputs.get(1).kind(), Extents.broadcast(x.shape(),
                    Extents.broadcast(inputs.get(1).shape(), inputs.get(2).shape())));
            case NetworkOp.PRelu _ -> {
                if (!Extents.broadcast(x.shape(), inputs.get(1).shape()).equals(x.shape())) {
                    throw new ImportProblemException("a slope of shape " + inputs.get(1).shape()
                            + " does not go with an input of shape " + x.shape());
                }
                yield new Type(x.kind(), x.shape());
            }
            case NetworkOp.Cast(ElementKind kind) -> new Type(kind, x.shape());
            case NetworkOp.MatMul _ -> new Type(x.kind(), product(x.shape(), inputs.get(1).shape()));
            case NetworkOp.Conv conv -> new Type(x.kind(), convolved(conv, x, inputs.get(1)));
            case NetworkOp.ConvTranspose conv -> new Type(x.kind(), transposed(conv, x, inputs.get(1)));
            case NetworkOp.BatchNorm(int axis, double _) -> {
                requireAxis(axis, x);
                inputs.subList(1, inputs.size()).forEach(p -> requireElements(p, x.size(axis)));
                yield new Type(x.kind(), x.shape());
            }
            case NetworkOp.RowNorm(var _, int axis, double _) -> {
                requireAxis(axis, x);
                yield new Type(x.kind(), x.shape());
            }
            case NetworkOp.GroupNorm(int groups, double _) -> {
                requireAxis(1, x);
                if (groups < 1 || x.size(1) % groups != 0) {
                    throw new ImportProblemException(x.size(1) + " channels do not make " + groups + " groups");
                }
                inputs.subList(1, inputs.size()).forEach(p -> requireElements(p, x.size(1)));
                yield new Type(x.kind(), x.shape());
            }
            case NetworkOp.Pool pool -> new Type(x.kind(), pooled(pool, x));
            case NetworkOp.Reduce(var _, List<Integer> axes, boolean keep) ->
                new Type(x.kind(), without(x, axes, keep));
            case NetworkOp.Softmax(int axis, boolean _) -> {
                requireAxis(axis, x);
                yield new Type(x.kind(), x.shape());
            }
            case NetworkOp.ArgMax(int axis, boolean keep) -> {
                requireAxis(axis, x);
                yield new Type(ElementKind.I64, without(x, List.of(axis), keep));
            }
            case NetworkOp.Reshape(List<Integer> shape) -> {
                if (Extents.elements(shape) != Extents.elements(x.shape())) {
                    throw new ImportProblemException(x.shape() + " cannot become " + shape);
                }
                yield new Type(x.kind(), shape);
            }
            case NetworkOp.Transpose(List<Integer> order) ->
                new Type(x.kind(), Extents.permuted(x.shape(), order));
            case NetworkOp.Concat(int axis) -> new Type(x.kind(), joined(axis, inputs));
            case NetworkOp.Slice slice -> new Type(x.kind(), sliced(slice, x));
            case NetworkOp.Gather(int axis) -> {
                requireAxis(axis, x);
                List<Integer> shape = new ArrayList<>(x.shape().subList(0, axis));
                shape.addAll(inputs.get(1).shape());
                shape.addAll(x.shape().subList(axis + 1, x.rank()));
                yield new Type(x.kind(), shape);
            }
            case NetworkOp.Pad(List<Integer> before, List<Integer> after, float _) -> {
                List<Integer> shape = new ArrayList<>();
                for (int i = 0; i < x.rank(); i++) {
                    shape.add(Math.addExact(x.size(i), Math.addExact(before.get(i), after.get(i))));
                }
                yield new Type(x.kind(), shape);
            }
            case NetworkOp.Expand(List<Integer> shape) -> {
                if (!Extents.broadcast(x.shape(), shape).equals(shape)) {
                    throw new ImportProblemException(x.shape() + " cannot be stretched to " + shape);
                }
                yield new Type(x.kind(), shape);
            }
            case NetworkOp.Upsample(var _, List<Integer> factors, NetworkOp.Layout layout) -> {
                List<Integer> shape = new ArrayList<>(x.shape());
                for (int i = 0; i < factors.size(); i++) {
                    int axis = layout.firstSpatial() + i;
                    shape.set(axis, Math.multiplyExact(shape.get(axis), factors.get(i)));
                }
                yield new Type(x.kind(), shape);
            }
            case NetworkOp.Quantize quantize -> {
                if (quantize.scales().length > 1) {
                    requireAxis(quantize.axis(), x);
                    if (quantize.scales().length != x.size(quantize.axis())) {
                        throw new ImportProblemException(quantize.scales().length + " scales do not go with axis "
                                + quantize.axis() + " of " + x.shape());
                    }
                }
                yield new Type(x.kind(), x.shape());
            }
            case NetworkOp.DynamicScale _ -> new Type(ElementKind.F32, List.of());
            case NetworkOp.DynamicZero _ -> new Type(ElementKind.U8, List.of());
            case NetworkOp.Binarize _,NetworkOp.Ternarize _,NetworkOp.DynamicQuantize _,NetworkOp.StepQuantize _ ->
                new Type(x.kind(), x.shape());
            case NetworkOp.Requantize requantize -> {
                requireAxis(requantize.axis(), x);
                inputs.subList(1, inputs.size()).forEach(bias -> requireElements(bias, x.size(requantize.axis())));
                yield new Type(x.kind(), x.shape());
            }
            case NetworkOp.QuantizedBinary _ -> {
                if (!x.shape().equals(inputs.get(1).shape())) {
                    throw new ImportProblemException("quantized tensors of the shapes " + x.shape() + " and "
                            + inputs.get(1).shape() + " are not combined; those of one shape are");
                }
                yield new Type(x.kind(), x.shape());
            }
            case NetworkOp.CodeTable _,NetworkOp.Regrid _ -> new Type(x.kind(), x.shape());
            case NetworkOp.Thresholds(float _, float _, int axis) -> {
                requireAxis(axis, x);
                ForeignValue thresholds = inputs.get(1);
                if (thresholds.rank() != 2 || thresholds.size(0) != 1 && thresholds.size(0) != x.size(axis)) {
                    throw new ImportProblemException("thresholds of shape " + thresholds.shape()
                            + " do not go with " + x.size(axis) + " channels");
                }
                yield new Type(x.kind(), x.shape());
            }
        };
    }

    private static void requireAxis(int axis, ForeignValue x) {
        Extents.axis(axis, x.rank());
    }

    private static void requireElements(ForeignValue value, int count) {
        if (Extents.elements(value.shape()) != count) {
            throw new ImportProblemException(
                    "`" + value.name() + "` of shape " + value.shape() + " does not go with " + count + " channels");
        }
    }

    private static List<Integer> product(List<Integer> a, List<Integer> b) {
        if (a.isEmpty() || b.isEmpty()) {
            throw new ImportProblemException("a matrix product needs axes");
        }
        List<Integer> left = a.size() == 1 ? List.of(1, a.getFirst()) : a;
        List<Integer> right = b.size() == 1 ? List.of(b.getFirst(), 1) : b;
        if (!left.getLast().equals(right.get(right.size() - 2))) {
            throw new ImportProblemException("shapes " + a + " and " + b + " have no product");
        }
        List<Integer> result = new ArrayList<>(Extents.broadcast(left.subList(0, left.size() - 2),
                right.subList(0, right.size() - 2)));
        if (a.size() > 1) {
            result.add(left.get(left.size() - 2));
        }
        if (b.size() > 1) {
            result.add(right.getLast());
        }
        return result;
    }

    private static List<Integer> convolved(NetworkOp.Conv conv, ForeignValue x, ForeignValue weights) {
        int rank = conv.window().rank();
        int channels = channels(conv.layout(), x, rank);
        if (weights.rank() != rank + 2 || !weights.shape().subList(1, rank + 1).equals(conv.window().kernel())) {
            throw new ImportProblemException(
                    "weights of shape " + weights.shape() + " do not go with a kernel of " + conv.window().kernel());
        }
        if (conv.groups() < 1 || channels % conv.groups() != 0 || weights.size(0) % conv.groups() != 0
                || weights.size(rank + 1) != channels / conv.groups()) {
            throw new ImportProblemException("weights of shape " + weights.shape() + " in " + conv.groups()
                    + " groups do not go with " + channels + " channels");
        }
        List<Integer> shape = new ArrayList<>(x.shape());
        shape.set(conv.layout().channelAxis(x.rank()), weights.size(0));
        for (int i = 0; i < rank; i++) {
            int axis = conv.layout().firstSpatial() + i;
            shape.set(axis, conv.window().places(i, x.size(axis), false));
        }
        return shape;
    }

    private static int channels(NetworkOp.Layout layout, ForeignValue x, int rank) {
        if (x.rank() != rank + 2) {
            throw new ImportProblemException(
                    "a window over " + rank + " axes does not go with an input of shape " + x.shape());
        }
        return x.size(layout.channelAxis(x.rank()));
    }

    private static List<Integer> transposed(NetworkOp.ConvTranspose conv, ForeignValue x, ForeignValue weights) {
        ForeignWindow window = conv.window();
        int channels = channels(conv.layout(), x, window.rank());
        if (weights.rank() != window.rank() + 2 || weights.shape().getLast() != channels) {
            throw new ImportProblemException("weights of shape " + weights.shape() + " do not go with " + channels
                    + " channels");
        }
        List<Integer> shape = new ArrayList<>(x.shape());
        shape.set(conv.layout().channelAxis(x.rank()), weights.size(0) * conv.groups());
        for (int i = 0; i < window.rank(); i++) {
            int axis = conv.layout().firstSpatial() + i;
            shape.set(axis, (x.size(axis) - 1) * window.strides().get(i) + window.reach(i) + conv.more().get(i)
                    - window.before().get(i) - window.after().get(i));
        }
        return shape;
    }

    private static List<Integer> pooled(NetworkOp.Pool pool, ForeignValue x) {
        channels(pool.layout(), x, pool.window().rank());
        List<Integer> shape = new ArrayList<>(x.shape());
        for (int i = 0; i < pool.window().rank(); i++) {
            int axis = pool.layout().firstSpatial() + i;
            shape.set(axis, pool.window().places(i, x.size(axis), pool.ceil()));
        }
        return shape;
    }

    private static List<Integer> without(ForeignValue x, List<Integer> axes, boolean keep) {
        axes.forEach(axis -> requireAxis(axis, x));
        List<Integer> shape = new ArrayList<>();
        for (int i = 0; i < x.rank(); i++) {
            if (!axes.contains(i)) {
                shape.add(x.size(i));
            } else if (keep) {
                shape.add(1);
            }
        }
        return shape;
    }

    private static List<Integer> joined(int axis, List<ForeignValue> inputs) {
        ForeignValue first = inputs.getFirst();
        requireAxis(axis, first);
        int length = 0;
        for (ForeignValue input : inputs) {
            if (input.rank() != first.rank() || !Extents.with(input.shape(), axis, 0).equals(Extents.with(first
                    .shape(), axis, 0))) {
                throw new ImportProblemException(
                        "shapes " + first.shape() + " and " + input.shape() + " cannot be joined along axis " + axis);
            }
            length = Math.addExact(length, input.size(axis));
        }
        return Extents.with(first.shape(), axis, length);
    }

    private static List<Integer> sliced(NetworkOp.Slice slice, ForeignValue x) {
        requireAxis(slice.axis(), x);
        long last = slice.start() + (slice.count() - 1L) * slice.step();
        int size = x.size(slice.axis());
        if (slice.count() < 0 || slice.count() > 0 && (slice.start() < 0 || slice.start() >= size || last < 0
                || last >= size)) {
            throw new ImportProblemException("elements " + slice.start() + " to " + last + " of axis " + slice.axis()
                    + " are not all in " + x.shape());
        }
        return Extents.with(x.shape(), slice.axis(), slice.count());
    }
}
