package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Operators whose result is known at import: constants, and what depends on shapes alone. */
final class ShapeOperators {
    private static final int MOST_RANGE = 1 << 24;

    private ShapeOperators() {
    }

    static void addTo(Map<String, OnnxTranslator> operators) {
        operators.put("Constant", (OnnxTranslator.Single) ShapeOperators::constant);
        operators.put("Shape", (OnnxTranslator.Single) ShapeOperators::shape);
        operators.put("Size",
                (OnnxTranslator.Single) node -> node.constant(new Constant.Integers(ElementKind.I64, List.of(),
                        new long[]{Extents.elements(node.in(0).shape())})));
        operators.put("ConstantOfShape", (OnnxTranslator.Single) node -> node.constant(MovementOperators.filled(
                node.tensor("value").orElse(Constant.Floats.scalar(0)), OnnxNode.whole(node.in(0), "shape"))));
        operators.put("Range", (OnnxTranslator.Single) ShapeOperators::range);
    }

    private static ForeignValue constant(OnnxNode node) {
        if (node.has("value")) {
            return node.constant(node.tensor("value").orElseThrow(() -> new ImportProblemException(
                    "a constant without a tensor")));
        }
        if (node.has("value_float")) {
            return node.constant(Constant.Floats.scalar(node.decimal("value_float", 0)));
        }
        if (node.has("value_int")) {
            return node.constant(new Constant.Integers(ElementKind.I64, List.of(),
                    new long[]{node.integer("value_int", 0)}));
        }
        if (node.has("value_ints")) {
            List<Long> listed = node.attributes().get("value_ints").getIntsList();
            return node.integers(listed.stream().mapToLong(Long::longValue).toArray());
        }
        if (node.has("value_floats")) {
            List<Float> listed = node.attributes().get("value_floats").getFloatsList();
            float[] values = new float[listed.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = listed.get(i);
            }
            return node.constant(new Constant.Floats(List.of(values.length), values));
        }
        throw new ImportProblemException("a constant that is no tensor and no number");
    }

    private static ForeignValue shape(OnnxNode node) {
        int rank = node.in(0).rank();
        long start = node.integer("start", 0);
        long end = node.integer("end", rank);
        long first = Math.clamp(start < 0 ? start + rank : start, 0, rank);
        long last = Math.clamp(end < 0 ? end + rank : end, 0, rank);
        return node.integers(node.in(0).shape().subList((int) first, (int) Math.max(first, last)).stream()
                .mapToLong(Integer::longValue).toArray());
    }

    private static ForeignValue range(OnnxNode node) {
        Constant start = node.in(0).require("`start`");
        if (start.kind().floating()) {
            float first = start.floats()[0];
            float step = node.in(2).require("`delta`").floats()[0];
            double count = Math.ceil(((double) node.in(1).require("`limit`").floats()[0] - first) / step);
            float[] values = new float[(int) bounded(count)];
            for (int i = 0; i < values.length; i++) {
                values[i] = first + i * step;
            }
            return node.constant(new Constant.Floats(List.of(values.length), values));
        }
        long first = start.integers()[0];
        long step = node.in(2).require("`delta`").integers()[0];
        double count = Math.ceil(((double) node.in(1).require("`limit`").integers()[0] - first) / step);
        return node.integers(LongStream.range(0, bounded(count)).map(i -> first + i * step).toArray());
    }

    private static long bounded(double count) {
        if (!(count <= MOST_RANGE)) {
            throw new ImportProblemException("a range of " + count + " numbers is not possible");
        }
        return (long) Math.max(0, count);
    }
}
