package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.analysis.value.Operand;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.List;
import java.util.Optional;

/** {@code + - * /} between tensors: trailing dimensions align, and a dimension of 1 stretches. */
public final class ArithmeticOps {
    public static final OpDefinition ADD = definition("add", "+", BinaryFunction.ADD);
    public static final OpDefinition SUBTRACT = definition("subtract", "-", BinaryFunction.SUBTRACT);
    public static final OpDefinition MULTIPLY = definition("multiply", "*", BinaryFunction.MULTIPLY);
    public static final OpDefinition DIVIDE = definition("divide", "/", BinaryFunction.DIVIDE);

    /** What is written by its name. */
    static final List<OpDefinition> ALL = List.of(
            named("min", BinaryFunction.MINIMUM, "the least of several, element by element"),
            named("max", BinaryFunction.MAXIMUM, "the greatest of several, element by element"));

    private ArithmeticOps() {
    }

    private static OpDefinition definition(String name, String symbol, BinaryFunction function) {
        return new OpDefinition(OpSignature.of(name, 0), OpDefinition.Operands.TWO_OR_MORE, false, true,
                call -> broadcast(call, symbol), (call, result) -> build(call, function), "elementwise " + symbol);
    }

    private static OpDefinition named(String name, BinaryFunction function, String documentation) {
        return new OpDefinition(OpSignature.of(name, 0), OpDefinition.Operands.TWO_OR_MORE, false, true,
                call -> broadcast(call, name), (call, result) -> build(call, function), documentation);
    }

    private static Optional<Shape> broadcast(OpCall call, String symbol) {
        Optional<Shape> result = Optional.of(call.x().shape());
        for (Operand operand : call.operands().subList(1, call.operands().size())) {
            result = result.flatMap(shape -> broadcast(call, symbol, shape, operand));
        }
        return result;
    }

    private static Optional<Shape> broadcast(OpCall call, String symbol, Shape left, Operand operand) {
        Shape right = operand.shape();
        int rank = Math.max(left.rank(), right.rank());
        long[] dimensions = new long[rank];
        for (int i = 0; i < rank; i++) {
            int a = fromEnd(left, rank - i);
            int b = fromEnd(right, rank - i);
            if (a != b && a != 1 && b != 1) {
                return call.error(DiagnosticCode.SHAPE_MISMATCH,
                        "`" + symbol + "` cannot join " + TypeNames.of(call.x().value().type()) + " and "
                                + TypeNames.of(operand.value().type()),
                        call.span(), shortcut(symbol, call.x().shape(), right).stream().toArray(String[]::new));
            }
            dimensions[i] = Math.max(a, b);
        }
        return call.shape(dimensions);
    }

    /** How the shortcut around some layers gets the shape of what these give. */
    private static Optional<String> shortcut(String symbol, Shape left, Shape right) {
        if (!symbol.equals("+") || left.rank() != 3 || right.rank() != 3) {
            return Optional.empty();
        }
        boolean keep = left.dimension(0) < right.dimension(0)
                || left.dimension(0) == right.dimension(0) && left.dimension(2) > right.dimension(2);
        Shape wanted = keep ? left : right;
        Shape from = keep ? right : left;
        for (int stride = 1; stride <= from.dimension(0); stride++) {
            if (Math.ceilDiv(from.dimension(0), stride) == wanted.dimension(0)
                    && Math.ceilDiv(from.dimension(1), stride) == wanted.dimension(1)) {
                return Optional.of("a shortcut gets the shape of the other branch by a convolution: `conv("
                        + wanted.dimension(2) + ", 1x1" + (stride == 1 ? "" : ", stride: " + stride) + ")`");
            }
        }
        return Optional.empty();
    }

    private static int fromEnd(Shape shape, int distance) {
        return distance <= shape.rank() ? shape.dimension(shape.rank() - distance) : 1;
    }

    private static Optional<TensorValue> build(OpCall call, BinaryFunction function) {
        Optional<ValueId> result = call.real(call.x());
        for (Operand operand : call.operands().subList(1, call.operands().size())) {
            Optional<ValueId> right = call.real(operand);
            result = result.flatMap(left -> right.map(r -> call.add(new Operation.Elementwise(function, left, r))));
        }
        return result.map(call::value);
    }
}
