package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Elementwise;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.ElementFunction;
import java.util.Optional;

/**
 * Steps that never fall as an element rises, in the order of {@link Math#max(float, float)}, in which -0 lies below
 * +0: multiplication by what has no sign bit, addition, relu. A clip at a zero is none of them: it turns -1 into +0 and
 * leaves -0.
 */
final class RisingStep {
    private RisingStep() {
    }

    /** The operand that the node is such a function of, element by element; or nothing. */
    static Optional<ValueId> operand(Node node, Definitions definitions) {
        return switch (node.operation()) {
            case Operation.Activation(ElementFunction function, ValueId x) ->
                when(function.rises(), x);
            case Operation.Clip(ValueId x, float low, float high) -> when(low != 0 && high != 0, x);
            case Operation.PRelu prelu -> when(unsigned(prelu.slope(), definitions), prelu.x());
            case Operation.Affine affine -> when(
                    unsigned(affine.scale(), definitions) && definitions.isConstant(affine.shift()), affine.x());
            case Operation.Rescale rescale -> when(
                    rescale.activationScale().stream().allMatch(s -> positive(s, definitions))
                            && rescale.weightScale().stream().allMatch(s -> unsigned(s, definitions)),
                    rescale.x());
            case Elementwise elementwise -> elementwise(node, elementwise, definitions);
            // Whatever else there is keeps the pool where it is; forgetting one costs speed, never bits.
            default -> Optional.empty();
        };
    }

    private static Optional<ValueId> elementwise(Node node, Elementwise operation, Definitions definitions) {
        boolean constantLeft = definitions.isConstant(operation.left());
        ValueId constant = constantLeft ? operation.left() : operation.right();
        ValueId x = constantLeft ? operation.right() : operation.left();
        boolean fits = definitions.isConstant(constant)
                && definitions.of(x).type().shape().equals(node.type().shape())
                && definitions.of(constant).type().shape().elements() == definitions.of(constant).type().shape()
                        .channels();
        return when(fits && switch (operation.function()) {
            case ADD, MINIMUM, MAXIMUM -> true;
            case SUBTRACT -> !constantLeft;
            case MULTIPLY -> unsigned(constant, definitions);
            case DIVIDE -> !constantLeft && unsigned(constant, definitions) && definitions.noneIsZero(constant);
        }, x);
    }

    /** Whether a scale is one scalar above 0: a constant, or measured, which its floor keeps above 0. */
    private static boolean positive(ValueId scale, Definitions definitions) {
        return definitions.of(scale).type().shape().rank() == 0
                && (definitions.operation(scale) instanceof Operation.RangeScale || unsigned(scale, definitions));
    }

    /** Whether a value is a constant without a sign bit in any element. */
    private static boolean unsigned(ValueId value, Definitions definitions) {
        if (definitions.constant(value).orElse(null) instanceof Tensor.Floats floats) {
            for (float element : floats.values()) {
                if (Float.floatToRawIntBits(element) < 0) {
                    return false;
                }
            }
            return true;
        }
        return false;
    }

    private static Optional<ValueId> when(boolean holds, ValueId value) {
        return holds ? Optional.of(value) : Optional.empty();
    }
}
