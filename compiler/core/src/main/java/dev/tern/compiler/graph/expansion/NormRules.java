package dev.tern.compiler.graph.expansion;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.TypeRuleException;
import java.util.List;

/** What norms over the last axis ask of their operands: x, and one f32 vector of its channels each. */
final class NormRules {
    private NormRules() {
    }

    static TensorType check(String name, List<TensorType> operands, int count) {
        TensorType x = operands.getFirst();
        boolean fits = operands.size() == count && x.shape().rank() > 0;
        for (TensorType operand : operands) {
            fits &= operand.element() instanceof ElementType.F32;
        }
        for (TensorType vector : operands.subList(1, operands.size())) {
            fits &= vector.shape().equals(Shape.of(x.shape().channels()));
        }
        if (!fits) {
            throw new TypeRuleException(name + " of " + operands);
        }
        return x;
    }
}
