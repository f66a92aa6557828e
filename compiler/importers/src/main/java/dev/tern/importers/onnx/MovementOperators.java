package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that move elements without changing them. */
final class MovementOperators {
    private static final int MOST_COPIES = 4096;

    private MovementOperators() {
    }

    static void addTo(Map<String, OnnxTranslator> operators) {
        operators.put("Reshape", (OnnxTranslator.Single) MovementOperators::reshape);
        operators.put("Flatten", (OnnxTranslator.Single) MovementOperators::flatten);
        operators.put("Squeeze", (OnnxTranslator.Single) MovementOperators::squeeze);
        operators.put("Unsqueeze", (OnnxTranslator.Single) MovementOperators::unsqueeze);
        operators.put("Transpose", (OnnxTranslator.Single) node -> {
            List<Integer> reverse = new ArrayList<>(Extents.range(node.in(0).rank()));
            Collections.reverse(reverse);
            return node.transpose(node.in(0), node.integers("perm").orElse(reverse));
        });
        operators.put("Concat", (OnnxTranslator.Single) node -> {
            int axis = node.axis("axis", 1, node.in(0).rank());
            return node.all().size() == 1 ? node.in(0) : node.add(new NetworkOp.Concat(axis), node.all());
        });
        operators.put("Split", MovementOperators::split);
        operators.put("Slice", (OnnxTranslator.Single) MovementOperators::slice);
        operators.put("Gather", (OnnxTranslator.Single) node -> node.add(
                new NetworkOp.Gather(node.axis("axis", 0, node.in(0).rank())), node.in(0), node.in(1)));
        operators.put("Pad", (OnnxTranslator.Single) PadOperators::pad);
        operators.put("Expand", (OnnxTranslator.Single) MovementOperators::expand);
        operators.put("Tile", (OnnxTranslator.Single) MovementOperators::tile);
        operators.put("DepthToSpace", (OnnxTranslator.Single) MovementOperators::depthToSpace);
        operators.put("SpaceToDepth", (OnnxTranslator.Single) MovementOperators::spaceToDepth);
        operators.put("Resize", (OnnxTranslator.Single) node -> resize(node, 2, 3));
        operators.put("Upsample", (OnnxTranslator.Single) node -> resize(node, 1, -1));
    }

    private static ForeignValue reshape(OnnxNode node) {
        ForeignValue x = node.in(0);
        List<Integer> wanted = node.integers("shape", 1).orElseThrow(() -> new ImportProblemException(
                "`shape` is missing"));
        boolean zeros = node.integer("allowzero", 0) != 0;
        List<Integer> shape = new ArrayList<>();
        long known = 1;
        int inferred = -1;
        for (int i = 0; i < wanted.size(); i++) {
            int size = wanted.get(i);
            if (size == 0 && !zeros) {
                size = x.size(Extents.axis(i, x.rank()));
            }
            if (size == -1 && inferred < 0) {
                inferred = i;
            } else if (size < 0) {
                throw new ImportProblemException("the shape " + wanted + " is not possible");
            } else {
                known = Math.multiplyExact(known, size);
            }
            shape.add(size);
        }
        if (inferred >= 0) {
            shape.set(inferred, known == 0 ? 0 : (int) (Extents.elements(x.shape()) / known));
        }
        return node.reshape(x, shape);
    }

    private static ForeignValue flatten(OnnxNode node) {
        ForeignValue x = node.in(0);
        long written = node.integer("axis", 1);
        int axis = written == x.rank() ? x.rank() : Extents.axis(written, Math.max(1, x.rank()));
        return node.reshape(x, List.of(Extents.elements(x.shape().subList(0, axis)),
                Extents.elements(x.shape().subList(axis, x.rank()))));
    }

    private static ForeignValue squeeze(OnnxNode node) {
        ForeignValue x = node.in(0);
        List<Integer> ones = Extents.range(x.rank()).stream().filter(axis -> x.size(axis) == 1).toList();
        List<Integer> axes = node.integers("axes", 1).map(listed -> OnnxNode.axes(listed, x.rank())).orElse(ones);
        if (!ones.containsAll(axes)) {
            throw new ImportProblemException("axes " + axes + " of " + x.shape() + " are not all 1");
        }
        List<Integer> shape = Extents.range(x.rank()).stream().filter(axis -> !axes.contains(axis)).map(x::size)
                .toList();
        return ProductOperators.without(node, x, shape).orElseGet(() -> node.reshape(x, shape));
    }

    private static ForeignValue unsqueeze(OnnxNode node) {
        ForeignValue x = node.in(0);
        List<Integer> listed = node.integers("axes", 1)
                .orElseThrow(() -> new ImportProblemException("`axes` are missing"));
        List<Integer> axes = OnnxNode.axes(listed, x.rank() + listed.size());
        return node.reshape(x, OnnxNode.changed(x.shape(), shape -> {
            axes.forEach(axis -> shape.add(axis, 1));
            return shape;
        }));
    }

    private static List<ForeignValue> split(OnnxNode node) {
        ForeignValue x = node.in(0);
        int axis = node.axis("axis", 0, x.rank());
        int size = x.size(axis);
        int parts = node.outputs();
        List<Integer> lengths = node.integers("split", 1).orElseGet(() -> {
            int each = (size + parts - 1) / parts;
            List<Integer> equal = new ArrayList<>(Collections.nCopies(parts - 1, each));
            equal.add(size - each * (parts - 1));
            return equal;
        });
        List<ForeignValue> results = new ArrayList<>();
        int start = 0;
        for (int length : lengths) {
            results.add(node.add(new NetworkOp.Slice(axis, start, length, 1), x));
            start += length;
        }
        if (start != size || lengths.size() < parts) {
            throw new ImportProblemException("parts of " + lengths + " do not make up axis " + axis + " of "
                    + x.shape());
        }
        return results;
    }

    private static ForeignValue slice(OnnxNode node) {
        ForeignValue x = node.in(0);
        boolean old = node.has("starts");
        List<Integer> starts = node.integers("starts", 1)
                .orElseThrow(() -> new ImportProblemException("`starts` are missing"));
        List<Integer> ends = node.integers("ends", 2)
                .orElseThrow(() -> new ImportProblemException("`ends` are missing"));
        List<Integer> axes = (old ? node.integers("axes") : node.integers("axes", 3))
                .orElse(Extents.range(starts.size()));
        List<Integer> steps = node.find(4).filter(_ -> !old).map(v -> OnnxNode.whole(v, "steps"))
                .orElse(Collections.nCopies(starts.size(), 1));
        if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size()) {
            throw new ImportProblemException("starts, ends, axes and steps are not equally many");
        }
        ForeignValue result = x;
        for (int i = 0; i < starts.size(); i++) {
            int axis = Extents.axis(axes.get(i), x.rank());
            result = sliced(node, result, axis, starts.get(i), ends.get(i), steps.get(i));
        }
        return result;
    }

    private static ForeignValue sliced(OnnxNode node, ForeignValue x, int axis, int from, int to, int step) {
        if (step == 0) {
            throw new ImportProblemException("a step of 0 is not possible");
        }
        long size = x.size(axis);
        long start = from < 0 ? from + size : from;
        long end = to < 0 ? to + size : to;
        start = step > 0 ? Math.clamp(start, 0, size) : Math.clamp(start, 0, size - 1);
        end = step > 0 ? Math.clamp(end, 0, size) : Math.clamp(end, -1, size - 1);
        long count = Math.max(0, step > 0
                ? (end - start + step - 1) / step
                : (start - end - step - 1L) / -(long) step);
        return count == size && step == 1
                ? x
                : node.add(new NetworkOp.Slice(axis, (int) start, (int) count, step), x);
    }

    /** Each stretched axis so many times. */
    private static ForeignValue expand(OnnxNode node) {
        ForeignValue x = node.in(0);
        List<Integer> shape = Extents.broadcast(x.shape(), OnnxNode.whole(node.in(1), "shape"));
        if (shape.equals(x.shape()) || x.known() || Extents.elements(shape) == Extents.elements(x.shape())) {
            return shape.equals(x.shape()) ? x : node.add(new NetworkOp.Expand(shape), x);
        }
        int missing = shape.size() - x.rank();
        ForeignValue result = node.reshape(x, OnnxNode.changed(x.shape(), sizes -> {
            sizes.addAll(0, Collections.nCopies(missing, 1));
            return sizes;
        }));
        for (int axis = 0; axis < shape.size(); axis++) {
            result = copies(node, result, axis, shape.get(axis) / result.size(axis));
        }
        return result;
    }

    private static ForeignValue copies(OnnxNode node, ForeignValue x, int axis, int count) {
        if (count > MOST_COPIES) {
            throw new ImportProblemException("stretching an axis to " + count + " copies is not supported; to "
                    + MOST_COPIES + " is");
        }
        if (count <= 1) {
            return x;
        }
        Extents.elements(Extents.with(x.shape(), axis, Math.multiplyExact(x.size(axis), count)));
        return node.add(new NetworkOp.Concat(axis), Collections.nCopies(count, x));
    }

    private static ForeignValue tile(OnnxNode node) {
        ForeignValue result = node.in(0);
        List<Integer> repeats = OnnxNode.whole(node.in(1), "repeats");
        for (int axis = 0; axis < repeats.size(); axis++) {
            result = copies(node, result, axis, repeats.get(axis));
        }
        return result;
    }

    private static ForeignValue depthToSpace(OnnxNode node) {
        ForeignValue x = node.in(0);
        int block = (int) node.integer("blocksize", 0);
        requireBlocks(x, block, 1);
        int channels = x.size(1) / (block * block);
        boolean columnFirst = node.text("mode", "DCR").equals("CRD");
        ForeignValue split = node.reshape(x, columnFirst
                ? List.of(x.size(0), channels, block, block, x.size(2), x.size(3))
                : List.of(x.size(0), block, block, channels, x.size(2), x.size(3)));
        ForeignValue moved = node.transpose(split, columnFirst ? List.of(0, 1, 4, 2, 5, 3) : List.of(0, 3, 4, 1, 5, 2));
        return node.reshape(moved, List.of(x.size(0), channels, x.size(2) * block, x.size(3) * block));
    }

    private static ForeignValue spaceToDepth(OnnxNode node) {
        ForeignValue x = node.in(0);
        int block = (int) node.integer("blocksize", 0);
        requireBlocks(x, block, 2);
        int rows = x.size(2) / block;
        int columns = x.size(3) / block;
        ForeignValue split = node.reshape(x, List.of(x.size(0), x.size(1), rows, block, columns, block));
        return node.reshape(node.transpose(split, List.of(0, 3, 5, 1, 2, 4)),
                List.of(x.size(0), x.size(1) * block * block, rows, columns));
    }

    private static void requireBlocks(ForeignValue x, int block, int axis) {
        boolean fits = x.rank() == 4 && block > 0 && block <= Short.MAX_VALUE && (axis == 1
                ? x.size(1) % (block * block) == 0
                : x.size(2) % block == 0 && x.size(3) % block == 0);
        if (!fits) {
            throw new ImportProblemException("blocks of " + block + " do not go with an input of shape " + x.shape());
        }
    }

    /** Whole factors of rows and columns, from scales or sizes. */
    private static ForeignValue resize(OnnxNode node, int scalesInput, int sizesInput) {
        ForeignValue x = node.in(0);
        List<Integer> factors = factors(node, x, scalesInput, sizesInput);
        String mode = node.text("mode", "nearest");
        String transform = node.text("coordinate_transformation_mode",
                node.version() < 11 ? "asymmetric" : "half_pixel");
        if (factors.stream().allMatch(f -> f == 1)) {
            return x;
        }
        boolean nearest = mode.equals("nearest");
        boolean rounds = switch (transform) {
            // With whole factors every way of rounding half pixels finds the same neighbour but for odd ties.
            case "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel" -> !node.text("nearest_mode", "").equals(
                    "floor") && !node.text("nearest_mode", "").equals("ceil");
            case "asymmetric" -> node.text("nearest_mode", node.version() < 11 ? "floor" : "round_prefer_floor")
                    .equals("floor");
            default -> false;
        };
        boolean linear = mode.equals("linear") && transform.contains("half_pixel");
        if (factors.subList(0, Math.min(2, factors.size())).stream().anyMatch(f -> f != 1)
                || !(nearest && rounds || linear)) {
            throw new ImportProblemException(
                    "resizing by `" + mode + "` with `" + transform + "` is not supported; whole factors by nearest "
                            + "or bilinear (half pixels) are");
        }
        return node.add(new NetworkOp.Upsample(
                nearest ? NetworkOp.Upsample.Kind.NEAREST : NetworkOp.Upsample.Kind.BILINEAR,
                factors.subList(2, factors.size()), Layout.CHANNELS_FIRST), x);
    }

    private static List<Integer> factors(OnnxNode node, ForeignValue x, int scalesInput, int sizesInput) {
        Optional<float[]> scales = node.has("scales")
                ? Optional.of(node.decimals("scales"))
                : node.find(scalesInput).filter(v -> !v.shape().equals(List.of(0)))
                        .map(v -> v.require("`scales`").floats());
        List<Integer> axes = node.integers("axes")
                .map(listed -> listed.stream().map(axis -> Extents.axis(axis, x.rank())).toList()).orElse(Extents.range(
                        x.rank()));
        List<Integer> factors = new ArrayList<>(Collections.nCopies(x.rank(), 1));
        if (!node.text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
            throw new ImportProblemException("resizing that keeps the aspect ratio is not supported");
        }
        for (int i = 0; i < axes.size(); i++) {
            int axis = axes.get(i);
            double factor = scales.isPresent() && i < scales.get().length
                    ? scales.get()[i]
                    : (double) OnnxNode.whole(node.in(sizesInput), "sizes").get(i) / x.size(axis);
            if (factor != Math.rint(factor) || factor < 1 || factor > Short.MAX_VALUE) {
                throw new ImportProblemException("resizing by a factor of " + factor + " is not supported; whole "
                        + "factors are");
            }
            factors.set(axis, (int) factor);
        }
        return factors;
    }

    /** A constant of one element, repeated. */
    static Constant filled(Constant one, List<Integer> shape) {
        int elements = Extents.elements(shape);
        if (one.kind().floating()) {
            float[] values = new float[elements];
            Arrays.fill(values, one.floats()[0]);
            return new Constant.Floats(shape, values);
        }
        long[] values = new long[elements];
        Arrays.fill(values, one.integers()[0]);
        return new Constant.Integers(one.kind(), shape, values);
    }
}
