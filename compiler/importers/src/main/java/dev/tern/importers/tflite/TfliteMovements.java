package dev.tern.importers.tflite;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Layout;
import dev.tern.importers.network.NetworkOp.Upsample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What moves elements, of any kind, and arithmetic on shapes. */
final class TfliteMovements {
    /** Elements of a padded tensor. */
    private static final long MOST_PADDED = 1 << 22;

    private TfliteMovements() {
    }

    static void addTo(Map<String, TfliteTranslator> operators) {
        operators.put("RESHAPE", (TfliteTranslator.Single) TfliteMovements::reshape);
        operators.put("SQUEEZE", (TfliteTranslator.Single) TfliteMovements::squeeze);
        operators.put("EXPAND_DIMS", (TfliteTranslator.Single) TfliteMovements::expandDims);
        operators.put("TRANSPOSE", (TfliteTranslator.Single) node -> node.transpose(node.in(0), node.whole(1, "perm")));
        operators.put("CONCATENATION", (TfliteTranslator.Single) TfliteMovements::concat);
        operators.put("PAD", (TfliteTranslator.Single) node -> pad(node, 0));
        operators.put("PADV2", (TfliteTranslator.Single) node -> pad(node,
                node.in(2).require("the value of padding").floats()[0]));
        operators.put("SPLIT", TfliteMovements::split);
        operators.put("SPLIT_V", node -> parts(node, node.in(0), Extents.axis(node.whole(2, "axis").getFirst(),
                node.in(0).rank()), node.whole(1, "size_splits")));
        operators.put("UNPACK", TfliteMovements::unpack);
        operators.put("PACK", (TfliteTranslator.Single) TfliteMovements::pack);
        operators.put("SLICE", (TfliteTranslator.Single) TfliteMovements::slice);
        operators.put("GATHER", (TfliteTranslator.Single) TfliteMovements::gather);
        operators.put("SHAPE", (TfliteTranslator.Single) node -> node.constant(Constant.Integers.vector(
                node.in(0).shape().stream().mapToLong(size -> size).toArray())));
        operators.put("FILL", (TfliteTranslator.Single) node -> node.add(new NetworkOp.Expand(node.whole(0, "dims")),
                node.in(1)));
        operators.put("BROADCAST_TO", (TfliteTranslator.Single) node -> node.add(
                new NetworkOp.Expand(node.whole(1, "shape")), node.in(0)));
        operators.put("RESIZE_NEAREST_NEIGHBOR", (TfliteTranslator.Single) node -> resize(node, Upsample.Kind.NEAREST,
                0));
        operators.put("RESIZE_BILINEAR", (TfliteTranslator.Single) node -> resize(node, Upsample.Kind.BILINEAR, 2));
        operators.put("DEPTH_TO_SPACE", (TfliteTranslator.Single) TfliteMovements::depthToSpace);
        operators.put("SPACE_TO_DEPTH", (TfliteTranslator.Single) TfliteMovements::spaceToDepth);
        operators.put("STRIDED_SLICE", (TfliteTranslator.Single) StridedSlice::of);
    }

    private static ForeignValue reshape(TfliteNode node) {
        ForeignValue x = node.in(0);
        List<Integer> wanted = node.find(1).map(_ -> node.whole(1, "shape"))
                .orElseGet(() -> node.options().map(table -> Arrays.stream(table.ints(0)).boxed().toList())
                        .orElse(node.result().shape()));
        List<Integer> shape = new ArrayList<>(wanted);
        int open = shape.indexOf(-1);
        if (open >= 0) {
            shape.set(open, 1);
            int known = Extents.elements(shape);
            shape.set(open, known == 0 ? 0 : Extents.elements(x.shape()) / known);
        }
        return node.reshape(x, shape);
    }

    private static ForeignValue squeeze(TfliteNode node) {
        ForeignValue x = node.in(0);
        List<Integer> named = node.options().map(table -> Arrays.stream(table.ints(0))
                .mapToObj(axis -> Extents.axis(axis, x.rank())).toList()).orElse(List.of());
        return node.reshape(x, Extents.range(x.rank()).stream()
                .filter(axis -> named.isEmpty() ? x.size(axis) != 1 : !named.contains(axis)).map(x::size).toList());
    }

    private static ForeignValue expandDims(TfliteNode node) {
        ForeignValue x = node.in(0);
        List<Integer> shape = new ArrayList<>(x.shape());
        shape.add(Extents.axis(node.whole(1, "axis").getFirst(), x.rank() + 1), 1);
        return node.reshape(x, shape);
    }

    private static ForeignValue concat(TfliteNode node) {
        List<ForeignValue> all = node.all();
        ForeignValue joined = node.add(new NetworkOp.Concat(Extents.axis(node.i32(0, 0), all.getFirst().rank())), all);
        return node.activated(joined, node.activation(1));
    }

    private static ForeignValue pad(TfliteNode node, float value) {
        ForeignValue x = node.in(0);
        List<Integer> pads = node.whole(1, "paddings");
        if (pads.size() != 2 * x.rank()) {
            throw new ImportProblemException("paddings " + pads + " do not go with an input of shape " + x.shape());
        }
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        for (int axis = 0; axis < x.rank(); axis++) {
            before.add(pads.get(2 * axis));
            after.add(pads.get(2 * axis + 1));
        }
        if (Collections.min(pads) < 0) {
            throw new ImportProblemException("paddings of less than 0: " + pads);
        }
        long padded = 1;
        for (int axis = 0; axis < x.rank(); axis++) {
            padded *= Math.addExact(Math.addExact(before.get(axis), after.get(axis)), x.size(axis));
            if (padded > MOST_PADDED) {
                throw new ImportProblemException("padding of " + x.shape() + " by " + pads + " makes a tensor of more "
                        + "than 2^22 elements, which is not supported");
            }
        }
        return Collections.max(pads) == 0 ? x : node.add(new NetworkOp.Pad(before, after, value), x);
    }

    private static List<ForeignValue> split(TfliteNode node) {
        ForeignValue x = node.in(1);
        int axis = Extents.axis(node.whole(0, "axis").getFirst(), x.rank());
        int parts = node.results().size();
        if (x.size(axis) % parts != 0) {
            throw new ImportProblemException("axis " + axis + " of " + x.shape() + " has not " + parts
                    + " equal parts");
        }
        return parts(node, x, axis, Collections.nCopies(parts, x.size(axis) / parts));
    }

    private static List<ForeignValue> parts(TfliteNode node, ForeignValue x, int axis, List<Integer> lengths) {
        List<ForeignValue> results = new ArrayList<>();
        int rest = x.size(axis) - lengths.stream().filter(length -> length >= 0).mapToInt(length -> length).sum();
        int start = 0;
        for (int length : lengths) {
            int count = length < 0 ? rest : length;
            results.add(node.add(new NetworkOp.Slice(axis, start, count, 1), x));
            start += count;
        }
        if (start != x.size(axis)) {
            throw new ImportProblemException("parts of " + lengths + " do not make up axis " + axis + " of "
                    + x.shape());
        }
        return results;
    }

    private static List<ForeignValue> unpack(TfliteNode node) {
        ForeignValue x = node.in(0);
        int axis = Extents.axis(node.i32(1, 0), x.rank());
        List<Integer> shape = TfliteNode.without(x.shape(), axis);
        return Extents.range(node.results().size()).stream()
                .map(i -> node.reshape(node.add(new NetworkOp.Slice(axis, i, 1, 1), x), shape)).toList();
    }

    private static ForeignValue pack(TfliteNode node) {
        List<ForeignValue> all = node.all();
        int axis = Extents.axis(node.i32(1, 0), all.getFirst().rank() + 1);
        List<ForeignValue> parts = all.stream().map(value -> {
            List<Integer> shape = new ArrayList<>(value.shape());
            shape.add(axis, 1);
            return node.reshape(value, shape);
        }).toList();
        return parts.size() == 1 ? parts.getFirst() : node.add(new NetworkOp.Concat(axis), parts);
    }

    private static ForeignValue slice(TfliteNode node) {
        ForeignValue result = node.in(0);
        List<Integer> begin = node.whole(1, "begin");
        List<Integer> size = node.whole(2, "size");
        for (int axis = 0; axis < begin.size(); axis++) {
            int count = size.get(axis) == -1 ? result.size(axis) - begin.get(axis) : size.get(axis);
            if (count != result.size(axis)) {
                result = node.add(new NetworkOp.Slice(axis, begin.get(axis), count, 1), result);
            }
        }
        return result;
    }

    private static ForeignValue gather(TfliteNode node) {
        if (node.i32(1, 0) != 0) {
            throw new ImportProblemException("a GATHER with batch_dims is not supported");
        }
        return node.add(new NetworkOp.Gather(Extents.axis(node.i32(0, 0), node.in(0).rank())), node.in(0),
                node.in(1));
    }

    /** Whole factors of rows and columns. */
    private static ForeignValue resize(TfliteNode node, Upsample.Kind kind, int alignField) {
        ForeignValue x = node.in(0);
        FloatProducts.requirePicture(x);
        List<Integer> size = node.whole(1, "size");
        boolean aligned = node.truth(alignField);
        boolean halfPixels = node.truth(alignField + 1);
        List<Integer> factors = new ArrayList<>();
        for (int axis = 0; axis < 2; axis++) {
            int factor = x.size(axis + 1) == 0 ? 0 : size.get(axis) / x.size(axis + 1);
            if (factor < 1 || factor * x.size(axis + 1) != size.get(axis)) {
                throw new ImportProblemException("resizing " + x.shape().subList(1, 3) + " to " + size
                        + " is not supported; whole factors are");
            }
            factors.add(factor);
        }
        if (factors.equals(List.of(1, 1))) {
            return x;
        }
        if (aligned || kind == Upsample.Kind.BILINEAR && !halfPixels) {
            throw new ImportProblemException("resizing with " + (aligned ? "align_corners" : "corners as they are")
                    + " is not supported", "export the model with half_pixel_centers, as tf.image.resize has it");
        }
        return node.add(new Upsample(kind, factors, Layout.CHANNELS_LAST), x);
    }

    private static ForeignValue depthToSpace(TfliteNode node) {
        ForeignValue x = node.in(0);
        int block = block(node, x);
        int channels = x.size(3) / (block * block);
        if (channels * block * block != x.size(3)) {
            throw new ImportProblemException("blocks of " + block + " do not go with an input of shape " + x.shape());
        }
        ForeignValue split = node.reshape(x, List.of(x.size(0), x.size(1), x.size(2), block, block, channels));
        return node.reshape(node.transpose(split, List.of(0, 1, 3, 2, 4, 5)),
                List.of(x.size(0), x.size(1) * block, x.size(2) * block, channels));
    }

    private static ForeignValue spaceToDepth(TfliteNode node) {
        ForeignValue x = node.in(0);
        int block = block(node, x);
        int rows = x.size(1) / block;
        int columns = x.size(2) / block;
        if (rows * block != x.size(1) || columns * block != x.size(2)) {
            throw new ImportProblemException("blocks of " + block + " do not go with an input of shape " + x.shape());
        }
        ForeignValue split = node.reshape(x, List.of(x.size(0), rows, block, columns, block, x.size(3)));
        return node.reshape(node.transpose(split, List.of(0, 1, 3, 2, 4, 5)),
                List.of(x.size(0), rows, columns, block * block * x.size(3)));
    }

    private static int block(TfliteNode node, ForeignValue x) {
        FloatProducts.requirePicture(x);
        int block = node.i32(0, 0);
        if (block < 1 || block > Short.MAX_VALUE) {
            throw new ImportProblemException("blocks of " + block + " are not possible");
        }
        return block;
    }
}
