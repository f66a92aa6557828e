package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.graph.Shape;
import java.util.Optional;

/**
 * An op of the language.
 *
 * @param signature its name and compile-time parameters
 * @param operands how many tensors it takes
 * @param weighted it has weights, so that {@code default} schemes hold for it
 * @param layer it is a layer with a path of its own; {@code repeat} is none
 * @param shape the shape of its result
 * @param builder what it adds to the graph
 * @param documentation what it computes, in a line
 */
public record OpDefinition(OpSignature signature, Operands operands, boolean weighted, boolean layer, ShapeRule shape,
        Builder builder, String documentation) {
    /** How many tensors an op takes. */
    public enum Operands {
        ONE(1), TWO_OR_MORE(Integer.MAX_VALUE),
        /** One step input; the others take no steps. */
        STEP(1);

        private final int most;

        Operands(int most) {
            this.most = most;
        }

        public int most() {
            return most;
        }

        public int least() {
            return this == TWO_OR_MORE ? 2 : 1;
        }
    }

    /** Finds the result's shape from operands and arguments. */
    @FunctionalInterface
    public interface ShapeRule {
        /** @return empty if an error was reported */
        Optional<Shape> shape(OpCall call);
    }

    /** Adds nodes to the graph. */
    @FunctionalInterface
    public interface Builder {
        /** @return empty if an error was reported */
        Optional<TensorValue> build(OpCall call, Shape result);
    }

    public String name() {
        return signature.name();
    }

    /** An op on one tensor. */
    static OpDefinition unary(OpSignature signature, ShapeRule shape, Builder builder, String documentation) {
        return new OpDefinition(signature, Operands.ONE, false, true, shape, builder, documentation);
    }

    /** An op on one tensor with weights. */
    static OpDefinition weighted(OpSignature signature, ShapeRule shape, Builder builder, String documentation) {
        return new OpDefinition(signature, Operands.ONE, true, true, shape, builder, documentation);
    }
}
