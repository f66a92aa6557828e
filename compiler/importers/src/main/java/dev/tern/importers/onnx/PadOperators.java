package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Pad: with a number, or with elements of the tensor itself. */
final class PadOperators {
    private PadOperators() {
    }

    static ForeignValue pad(OnnxNode node) {
        ForeignValue x = node.in(0);
        List<Integer> pads = node.integers("pads", 1).or(() -> node.integers("paddings"))
                .orElseThrow(() -> new ImportProblemException("`pads` are missing"));
        List<Integer> axes = node.find(3).map(v -> OnnxNode.whole(v, "axes")).orElse(Extents.range(x.rank()));
        if (pads.size() != 2 * axes.size()) {
            throw new ImportProblemException("pads " + pads + " do not go with " + axes.size() + " axes");
        }
        List<Integer> before = new ArrayList<>(Collections.nCopies(x.rank(), 0));
        List<Integer> after = new ArrayList<>(before);
        for (int i = 0; i < axes.size(); i++) {
            int axis = Extents.axis(axes.get(i), x.rank());
            before.set(axis, pads.get(i));
            after.set(axis, pads.get(axes.size() + i));
        }
        ForeignValue result = x;
        // Negative padding cuts.
        for (int axis = 0; axis < x.rank(); axis++) {
            int start = Math.max(0, -before.get(axis));
            int count = x.size(axis) - start - Math.max(0, -after.get(axis));
            if (count != x.size(axis)) {
                result = node.add(new NetworkOp.Slice(axis, start, count, 1), result);
            }
        }
        List<Integer> more = before.stream().map(p -> Math.max(0, p)).toList();
        List<Integer> behind = after.stream().map(p -> Math.max(0, p)).toList();
        String mode = node.text("mode", "constant");
        if (!mode.equals("constant")) {
            for (int axis = 0; axis < x.rank(); axis++) {
                result = own(node, result, axis, more.get(axis), behind.get(axis), mode);
            }
            return result;
        }
        float value = node.find(2).map(v -> v.require("the value of padding").floats()[0])
                .orElse(node.decimal("value", 0));
        boolean padded = more.stream().anyMatch(p -> p > 0) || behind.stream().anyMatch(p -> p > 0);
        return padded ? node.add(new NetworkOp.Pad(more, behind, value), result) : result;
    }

    /** Padded by entries of the axis itself. */
    private static ForeignValue own(OnnxNode node, ForeignValue x, int axis, int before, int after, String mode) {
        if (before == 0 && after == 0) {
            return x;
        }
        int size = x.size(axis);
        int last = size - 1;
        IntUnaryOperator source = switch (mode) {
            case "edge" -> i -> Math.clamp(i, 0, last);
            case "wrap" -> i -> Math.floorMod(i, size);
            case "reflect" -> i -> last == 0 ? 0 : last - Math.abs(Math.floorMod(i, 2 * last) - last);
            default -> throw new ImportProblemException("padding by `" + mode + "` is not supported");
        };
        if (size == 0) {
            throw new ImportProblemException("padding of an axis without entries by `" + mode + "` is not possible");
        }
        int count = Extents.elements(List.of(Math.addExact(size, Math.addExact(before, after))));
        Extents.elements(Extents.with(x.shape(), axis, count));
        node.network().countComputed(count);
        long[] named = IntStream.range(-before, count - before).map(source).asLongStream().toArray();
        return node.add(new NetworkOp.Gather(axis), x, node.constant(Constant.Integers.vector(named)));
    }
}
