package dev.tern.importers.tflite;

import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp;
import java.util.ArrayList;
import java.util.List;

/** STRIDED_SLICE: as Python's slices, with masks for the ends that are left out and for axes that go. */
final class StridedSlice {
    private StridedSlice() {
    }

    static ForeignValue of(TfliteNode node) {
        ForeignValue x = node.in(0);
        List<Integer> begin = node.whole(1, "begin");
        List<Integer> end = node.whole(2, "end");
        List<Integer> strides = node.whole(3, "strides");
        if (node.i32(2, 0) != 0 || node.i32(3, 0) != 0) {
            throw new ImportProblemException("slices with an ellipsis or a new axis are not supported");
        }
        if (begin.size() > x.rank() || end.size() != begin.size() || strides.size() != begin.size()) {
            throw new ImportProblemException("begin, end and strides do not go with an input of shape " + x.shape());
        }
        ForeignValue result = x;
        List<Integer> gone = new ArrayList<>();
        for (int axis = 0; axis < begin.size(); axis++) {
            boolean one = set(node, 4, axis);
            result = sliced(node, result, axis, begin.get(axis), end.get(axis), strides.get(axis), one);
            if (one) {
                gone.add(axis);
            }
        }
        List<Integer> shape = new ArrayList<>(result.shape());
        gone.reversed().forEach(axis -> shape.remove((int) axis));
        return node.reshape(result, shape);
    }

    private static boolean set(TfliteNode node, int field, int axis) {
        return (node.i32(field, 0) >> axis & 1) != 0;
    }

    private static ForeignValue sliced(TfliteNode node, ForeignValue x, int axis, int from, int to, int step,
            boolean one) {
        long size = x.size(axis);
        if (step == 0) {
            throw new ImportProblemException("a stride of 0 is not possible");
        }
        long start = from < 0 ? from + size : from;
        if (one) {
            return node.add(new NetworkOp.Slice(axis, TfliteNode.whole(start), 1, 1), x);
        }
        long end = to < 0 ? to + size : to;
        start = step > 0 ? Math.clamp(start, 0, size) : Math.clamp(start, -1, size - 1);
        end = step > 0 ? Math.clamp(end, 0, size) : Math.clamp(end, -1, size - 1);
        if (set(node, 0, axis)) {
            start = step > 0 ? 0 : size - 1;
        }
        if (set(node, 1, axis)) {
            end = step > 0 ? size : -1;
        }
        long count = Math.max(0, step > 0
                ? (end - start + step - 1) / step
                : (start - end - step - 1L) / -(long) step);
        return count == size && step == 1
                ? x
                : node.add(new NetworkOp.Slice(axis, (int) start, (int) count, step), x);
    }
}
