package dev.tern.compiler.graph;

import dev.tern.compiler.graph.formula.KnownSign;
import java.util.List;

/**
 * An operation that other operations compute. Its value is defined by {@link #evaluate} in plain loops; {@link #expand}
 * writes it with operations that have kernels, bit for bit the same, and a test holds the two against each other. One
 * file
 * each, records, so that equal ones are equal.
 */
public interface Expansion {
    /** As graphs are printed: {@code layernorm}. */
    String name();

    /** What else graphs are printed with; may be empty. */
    String attributes();

    /** @throws TypeRuleException if the operands break the operation's rule */
    TensorType type(List<TensorType> operands);

    /** The value for operands whose types were accepted. */
    Tensor evaluate(List<Tensor> operands);

    /** Adds what computes the value; returns it. */
    ValueId expand(NodeSink out, List<ValueId> operands);

    /** What is known of the sign of the result. */
    default KnownSign sign(List<KnownSign> operands) {
        return KnownSign.ANY;
    }

    /** Multiplications of one inference that are those of a product with weights, as reports count them. */
    default long multiplyAdds(List<Shape> operands) {
        return 0;
    }

    /** The same of values that were not quantized, so that zero points are gone. */
    default Operation.Composite inReals(List<ValueId> operands) {
        return new Operation.Composite(this, operands);
    }
}
