package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.Operand;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import java.util.Optional;

/** {@code + - *} between tensors: trailing dimensions align, and a dimension of 1 stretches. */
public final class Arithmetic {
    public static final OpDefinition ADD = definition("add", "+", BinaryFunction.ADD);
    public static final OpDefinition SUBTRACT = definition("subtract", "-", BinaryFunction.SUBTRACT);
    public static final OpDefinition MULTIPLY = definition("multiply", "*", BinaryFunction.MULTIPLY);

    private Arithmetic() {
    }

    private static OpDefinition definition(String name, String symbol, BinaryFunction function) {
        return new OpDefinition(Signature.of(name, 0), OpDefinition.Operands.TWO_OR_MORE, false, true,
                call -> broadcast(call, symbol), (call, result) -> build(call, function), "elementwise " + symbol);
    }

    private static Optional<Shape> broadcast(OpCall call, String symbol) {
        Shape left = call.operands().get(0).shape();
        Shape right = call.operands().get(1).shape();
        int rank = Math.max(left.rank(), right.rank());
        long[] dimensions = new long[rank];
        for (int i = 0; i < rank; i++) {
            int a = fromEnd(left, rank - i);
            int b = fromEnd(right, rank - i);
            if (a != b && a != 1 && b != 1) {
                return call.mismatch("`" + symbol + "` cannot join " + TypeNames.of(call.operands().get(0).value()
                        .type())
                        + " and " + TypeNames.of(call.operands().get(1).value().type()));
            }
            dimensions[i] = Math.max(a, b);
        }
        return call.shape(dimensions);
    }

    private static int fromEnd(Shape shape, int distance) {
        return distance <= shape.rank() ? shape.dimension(shape.rank() - distance) : 1;
    }

    private static Optional<TensorValue> build(OpCall call, BinaryFunction function) {
        Operand left = call.operands().get(0);
        Operand right = call.operands().get(1);
        Optional<ValueId> a = call.real(left);
        Optional<ValueId> b = call.real(right);
        if (a.isEmpty() || b.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(call.value(call.add(new Operation.Elementwise(function, a.get(), b.get()))));
    }
}
