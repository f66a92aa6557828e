package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One number of all elements along some axes, which it takes away. */
final class ReductionOps {
    private enum Reduction {
        MEAN, SUM, MAX
    }

    private static final OpParameter<Reduction> KIND = OpParameter.required("kind",
            new Keyword<>(Map.of("mean", Reduction.MEAN, "sum", Reduction.SUM, "max", Reduction.MAX)),
            "mean, sum or max");
    private static final OpParameter<List<Optional<Long>>> AXES = OpParameter.required("axes", Kinds.entries(),
            "the axes from 0");

    static final List<OpDefinition> ALL = List.of(OpDefinition.unary(OpSignature.of("reduce", 2, KIND, AXES),
            ReductionOps::reduced, ReductionOps::reduce, "the mean, the sum or the greatest along some axes"));

    private ReductionOps() {
    }

    private static Optional<Shape> reduced(OpCall call) {
        int rank = call.x().shape().rank();
        List<Long> axes = call.get(AXES).stream().map(axis -> axis.orElse(-1L)).toList();
        if (axes.isEmpty() || axes.stream().distinct().count() < axes.size()
                || axes.stream().anyMatch(axis -> axis < 0 || axis >= rank)) {
            return call.error(DiagnosticCode.BAD_ARGUMENT, "`axes` of `reduce` names axes of "
                    + TypeNames.of(call.x().value().type()) + ", counted from 0, each once", call.at(AXES));
        }
        return call.shape(kept(call).stream().mapToLong(call.x().shape()::dimension).toArray());
    }

    /** Ascending, as those that go are. */
    private static List<Integer> axes(OpCall call) {
        return call.get(AXES).stream().map(axis -> Math.toIntExact(axis.orElseThrow())).sorted().toList();
    }

    private static List<Integer> kept(OpCall call) {
        List<Integer> kept = new ArrayList<>();
        for (int axis = 0; axis < call.x().shape().rank(); axis++) {
            kept.add(axis);
        }
        kept.removeAll(axes(call));
        return kept;
    }

    private static Optional<TensorValue> reduce(OpCall call, Shape result) {
        return call.real(call.x()).map(x -> {
            List<Integer> order = Stream.concat(kept(call).stream(), axes(call).stream()).toList();
            int count = call.x().shape().elements() / result.elements();
            ValueId turned = order.stream().sorted().toList().equals(order)
                    ? x
                    : call.add(new Operation.Transpose(x, order));
            ValueId reduced = switch (call.get(KIND)) {
                case MEAN -> mean(call, turned, result, count);
                case SUM -> call.add(new Operation.Elementwise(BinaryFunction.MULTIPLY,
                        mean(call, turned, result, count), call.constant(Tensor.scalar((float) count))));
                case MAX -> call.add(new Operation.MaxPool(call.reshaped(turned, Shape.of(result.elements(), count,
                        1)), new Geometry(1, count, 1, 1, 1, 1, 0, 0, 0, 0)));
            };
            return call.value(call.reshaped(reduced, result));
        });
    }

    private static ValueId mean(OpCall call, ValueId x, Shape result, int count) {
        return call.add(new Operation.RowStatistic(Operation.Statistic.MEAN,
                call.reshaped(x, Shape.of(result.elements(), count))));
    }
}
