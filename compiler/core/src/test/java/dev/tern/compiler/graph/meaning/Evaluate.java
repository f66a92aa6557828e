package dev.tern.compiler.graph.meaning;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Interval;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.TypeInference;
import dev.tern.compiler.graph.ValueId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Evaluates one operation on given tensors; codes are given as accumulators where no type matters. */
final class Evaluate {
    private Evaluate() {
    }

    /** Operand i of the operation is value %i. */
    static Tensor of(Function<ValueId[], Operation> operation, Tensor... operands) {
        ValueId[] ids = new ValueId[operands.length];
        List<TensorType> types = new ArrayList<>();
        for (int i = 0; i < operands.length; i++) {
            ids[i] = new ValueId(i);
            types.add(new TensorType(element(operands[i]), operands[i].shape()));
        }
        Operation built = operation.apply(ids);
        TensorType type = TypeInference.of(built, types);
        return Meaning.evaluate(built, type, List.of(operands));
    }

    private static ElementType element(Tensor tensor) {
        return switch (tensor) {
            case Tensor.Floats floats -> ElementType.F32;
            case Tensor.Integers integers when integers.shape().rank() == 0 -> Interval.of(integers).accumulator();
            case Tensor.Integers integers -> new ElementType.Code(8, true);
        };
    }

    static Tensor.Floats floats(Shape shape, float... values) {
        return new Tensor.Floats(shape, values);
    }

    static Tensor.Integers integers(int... values) {
        return new Tensor.Integers(Shape.of(values.length), values);
    }

    static Tensor.Integers integers(Shape shape, int... values) {
        return new Tensor.Integers(shape, values);
    }
}
