package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.Operand;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.build.Codes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Ops that move elements without changing them; they take codes as well as f32. */
final class ShapeOps {
    private static final OpParameter<List<Optional<Long>>> SHAPE = OpParameter.required("shape", Kinds.entries(),
            "the new dimensions; one may be `_`");
    private static final OpParameter<List<Optional<Long>>> ORDER = OpParameter.optional("order", Kinds.entries(),
            "which old axis each new one is, from 0; by default the reverse");
    private static final OpParameter<Integer> START = OpParameter.required("start", Kinds.whole(0, Integer.MAX_VALUE),
            "the first element, from 0");
    private static final OpParameter<Integer> END = OpParameter.required("end", Kinds.whole(1, Integer.MAX_VALUE),
            "the element after the last");
    private static final OpParameter<Integer> PARTS = OpParameter.required("parts", Kinds.whole(1, Integer.MAX_VALUE),
            "how many equal parts there are");
    private static final OpParameter<Integer> INDEX = OpParameter.required("index", Kinds.whole(0, Integer.MAX_VALUE),
            "which of them, from 0");
    private static final OpParameter<Integer> AXIS = OpParameter.optional("axis",
            Kinds.whole(Integer.MIN_VALUE, Integer.MAX_VALUE), -1, "the axis from 0, or from -1 for the last");

    private static final OpParameter<Integer> BEFORE = OpParameter.required("before", Kinds.whole(0, Kinds.WIDEST),
            "how many come before the first");
    private static final OpParameter<Integer> AFTER = OpParameter.required("after", Kinds.whole(0, Kinds.WIDEST),
            "how many come after the last");
    private static final OpParameter<Float> VALUE = OpParameter.optional("value",
            Kinds.decimal("a number that f32 holds", -Float.MAX_VALUE, Float.MAX_VALUE), 0f, "the number");

    static final List<OpDefinition> ALL = List.of(
            OpDefinition.unary(OpSignature.of("flatten", 0), call -> call.shape(call.x().shape().elements()),
                    ShapeOps::build, "all elements in one axis, row-major"),
            OpDefinition.unary(OpSignature.of("reshape", 1, SHAPE), ShapeOps::reshaped, ShapeOps::build,
                    "the same elements in the same order under another shape"),
            OpDefinition.unary(OpSignature.of("transpose", 1, ORDER), ShapeOps::transposed, ShapeOps::transpose,
                    "the axes in another order"),
            OpDefinition.unary(OpSignature.of("slice", 2, START, END, AXIS), ShapeOps::sliced, ShapeOps::slice,
                    "the elements from start up to end of one axis"),
            OpDefinition.unary(OpSignature.of("split", 2, PARTS, INDEX, AXIS), ShapeOps::parted, ShapeOps::part,
                    "one of equal parts of an axis"),
            OpDefinition.unary(OpSignature.of("pad", 2, BEFORE, AFTER, AXIS, VALUE), ShapeOps::padded, ShapeOps::pad,
                    "so many elements of one number before and after those of an axis"),
            new OpDefinition(OpSignature.of("concat", 0, AXIS), OpDefinition.Operands.TWO_OR_MORE, false, true,
                    ShapeOps::joined, ShapeOps::concat, "tensors one after the other along an axis"));

    private ShapeOps() {
    }

    /** Another shape with as many elements; the value itself if it has that shape. */
    static TensorValue reshape(OpCall call, TensorValue value, Shape shape) {
        if (value.type().shape().equals(shape)) {
            return value;
        }
        // What quantize made stays what it is, unless its scales belong to rows or channels that are no more.
        boolean channels = value.type().shape().channels() == shape.channels();
        Optional<Codes> codes = value.codes().filter(
                c -> c.scale().map(scale -> call.draft().type(scale).shape().rank() == 0).orElse(true)
                        && (channels || c.channelScale().isEmpty()));
        return new TensorValue(reshape(call, value.id(), shape), new TensorType(value.type().element(), shape),
                codes.map(c -> c.map(id -> reshape(call, id, shape))));
    }

    private static ValueId reshape(OpCall call, ValueId id, Shape shape) {
        return call.add(new Operation.Reshape(id), new TensorType(call.draft().type(id).element(), shape));
    }

    private static Optional<TensorValue> build(OpCall call, Shape result) {
        return Optional.of(reshape(call, call.x().value(), result));
    }

    private static Optional<Shape> reshaped(OpCall call) {
        List<Optional<Long>> entries = call.get(SHAPE);
        int elements = call.x().shape().elements();
        long known = 1;
        int inferred = -1;
        for (int i = 0; i < entries.size(); i++) {
            Optional<Long> entry = entries.get(i);
            if (entry.isEmpty()) {
                if (inferred >= 0) {
                    return call.error(DiagnosticCode.BAD_ARGUMENT, "only one dimension can be inferred",
                            call.at(SHAPE));
                }
                inferred = i;
            } else {
                // A product that no longer fits has no chance of being the number of elements.
                known = Math.min(Integer.MAX_VALUE, Math.max(0, entry.get())) * known;
                known = Math.min(known, Integer.MAX_VALUE);
            }
        }
        boolean fits = known > 0 && (inferred >= 0 ? elements % known == 0 : known == elements);
        if (!fits) {
            return call.mismatch("`reshape` cannot make " + describe(entries) + " of the " + elements + " elements of "
                    + TypeNames.of(call.x().value().type()));
        }
        long rest = elements / known;
        return call.shape(entries.stream().mapToLong(e -> e.orElse(rest)).toArray());
    }

    private static String describe(List<Optional<Long>> entries) {
        return entries.stream().map(e -> e.map(Object::toString).orElse("_")).toList().toString();
    }

    private static List<Integer> order(OpCall call) {
        int rank = call.x().shape().rank();
        return call.find(ORDER).map(entries -> entries.stream().map(e -> Math.toIntExact(e.orElseThrow())).toList())
                .orElseGet(() -> IntStream.range(0, rank).mapToObj(i -> rank - 1 - i).toList());
    }

    private static Optional<Shape> transposed(OpCall call) {
        int rank = call.x().shape().rank();
        List<Long> axes = IntStream.range(0, rank).mapToObj(i -> (long) i).toList();
        if (call.find(ORDER).isPresent()) {
            List<Long> given = new ArrayList<>(call.get(ORDER).stream().map(e -> e.orElse(-1L)).toList());
            Collections.sort(given);
            if (!given.equals(axes)) {
                return call.error(DiagnosticCode.BAD_ARGUMENT, "the order of `transpose` must name each of the axes "
                        + axes + " of " + TypeNames.of(call.x().value().type()) + " once", call.at(ORDER));
            }
        }
        return call.shape(order(call).stream().mapToLong(axis -> call.x().shape().dimension(axis)).toArray());
    }

    private static Optional<TensorValue> transpose(OpCall call, Shape result) {
        TensorValue x = call.x().value();
        return Optional.of(call.value(call.add(new Operation.Transpose(x.id(), order(call)))));
    }

    /** The axis counted from the front. @return empty if there is none and an error was reported */
    private static Optional<Integer> axis(OpCall call) {
        int rank = call.x().shape().rank();
        int axis = call.get(AXIS);
        int fromFront = axis < 0 ? axis + rank : axis;
        if (fromFront >= 0 && fromFront < rank) {
            return Optional.of(fromFront);
        }
        return call.error(DiagnosticCode.SHAPE_MISMATCH,
                TypeNames.of(call.x().value().type()) + " has no axis " + axis, call.at(AXIS));
    }

    private static Optional<Shape> sliced(OpCall call) {
        int start = call.get(START);
        int end = call.get(END);
        return axis(call).flatMap(axis -> {
            long[] dimensions = Shapes.dimensions(call.x().shape());
            if (start >= end || end > dimensions[axis]) {
                return call.mismatch("`slice` cannot take the elements " + start + " up to " + end + " of axis " + axis
                        + " of " + TypeNames.of(call.x().value().type()));
            }
            dimensions[axis] = end - start;
            return call.shape(dimensions);
        });
    }

    private static Optional<TensorValue> slice(OpCall call, Shape result) {
        TensorValue x = call.x().value();
        return axis(call).map(axis -> call.value(
                call.add(new Operation.Slice(x.id(), axis, call.get(START), call.get(END)))));
    }

    private static Optional<Shape> parted(OpCall call) {
        int parts = call.get(PARTS);
        int index = call.get(INDEX);
        if (index >= parts) {
            return call.error(DiagnosticCode.BAD_ARGUMENT,
                    "`split` into " + parts + " has no part " + index + "; they count from 0", call.at(INDEX));
        }
        return axis(call).flatMap(axis -> {
            long[] dimensions = Shapes.dimensions(call.x().shape());
            if (dimensions[axis] % parts != 0) {
                return call.mismatch("`split` cannot make " + parts + " equal parts of axis " + axis + " of "
                        + TypeNames.of(call.x().value().type()));
            }
            dimensions[axis] /= parts;
            return call.shape(dimensions);
        });
    }

    private static Optional<TensorValue> part(OpCall call, Shape result) {
        return axis(call).map(axis -> {
            int size = result.dimension(axis);
            int start = call.get(INDEX) * size;
            return call.value(call.add(new Operation.Slice(call.x().value().id(), axis, start, start + size)));
        });
    }

    private static Optional<Shape> padded(OpCall call) {
        return axis(call).flatMap(axis -> {
            long[] dimensions = Shapes.dimensions(call.x().shape());
            dimensions[axis] += (long) call.get(BEFORE) + call.get(AFTER);
            return call.shape(dimensions);
        });
    }

    private static Optional<TensorValue> pad(OpCall call, Shape result) {
        return axis(call).flatMap(axis -> call.real(call.x())
                .map(x -> call.value(padded(call, x, axis, call.get(BEFORE), call.get(AFTER), call.get(VALUE)))));
    }

    /** An f32 value between constants along an axis. */
    static ValueId padded(OpCall call, ValueId x, int axis, int before, int after, float value) {
        List<ValueId> parts = new ArrayList<>(List.of(x));
        if (before > 0) {
            parts.addFirst(call.constant(filled(call.type(x).shape(), axis, before, value)));
        }
        if (after > 0) {
            parts.addLast(call.constant(filled(call.type(x).shape(), axis, after, value)));
        }
        return parts.size() == 1 ? x : call.add(new Operation.Concat(parts, axis));
    }

    private static Tensor filled(Shape shape, int axis, int length, float value) {
        int[] dimensions = shape.toArray();
        dimensions[axis] = length;
        Shape constant = Shape.of(dimensions);
        float[] values = new float[constant.elements()];
        Arrays.fill(values, value);
        return new Tensor.Floats(constant, values);
    }

    private static Optional<Shape> joined(OpCall call) {
        return axis(call).flatMap(axis -> {
            long[] dimensions = Shapes.dimensions(call.x().shape());
            for (Operand part : call.operands().subList(1, call.operands().size())) {
                long[] others = Shapes.dimensions(part.shape());
                if (others.length == dimensions.length) {
                    long length = dimensions[axis] + others[axis];
                    others[axis] = dimensions[axis];
                    if (Arrays.equals(others, dimensions)) {
                        dimensions[axis] = length;
                        continue;
                    }
                }
                return call.mismatch("`concat` cannot join " + TypeNames.of(call.x().value().type()) + " and "
                        + TypeNames.of(part.value().type()) + " along axis " + axis
                        + "; all other axes must have the same size");
            }
            return call.shape(dimensions);
        });
    }

    private static Optional<TensorValue> concat(OpCall call, Shape result) {
        boolean alike = call.operands().stream().map(o -> o.value().type().element()).distinct().count() == 1;
        List<ValueId> parts = new ArrayList<>();
        for (Operand operand : call.operands()) {
            (alike ? Optional.of(operand.value().id()) : call.real(operand)).ifPresent(parts::add);
        }
        if (parts.size() < call.operands().size()) {
            return Optional.empty();
        }
        return axis(call).map(axis -> call.value(call.add(new Operation.Concat(parts, axis))));
    }
}
