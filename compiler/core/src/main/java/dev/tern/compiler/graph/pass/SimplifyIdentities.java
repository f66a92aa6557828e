package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Elementwise;
import dev.tern.compiler.graph.Signs;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.graph.formula.KnownSign;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Drops operations that give their operand back, bit for bit, and joins reshapes and transposes. Adding +0 is no
 * identity (it turns -0 into +0), adding -0 and subtracting +0 are.
 */
public final class SimplifyIdentities implements GraphPass {
    private static final int MINUS_ZERO = Float.floatToRawIntBits(-0f);
    private static final int ONE = Float.floatToRawIntBits(1f);

    private static final float LEAST_SCALE = 0x1p-60f;

    @Override
    public String summary() {
        return "drop operations that change nothing and join reshapes and transposes";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        Signs signs = Signs.of(graph, Magnitudes.of(graph)::mayBeNaN);
        return GraphRewriter.rewrite(graph, (node, out) -> {
            Operation joined = joined(node.operation(), out.definitions());
            Optional<ValueId> same = identity(joined, out.definitions())
                    .or(() -> positive(node.operation(), signs))
                    .filter(x -> out.definitions().of(x).type().equals(node.type()));
            if (same.isPresent()) {
                out.replace(node, same.get());
            } else {
                out.redefine(node, joined);
            }
        });
    }

    /** The operand whose elements the operation gives back if the type is the same too. */
    private static Optional<ValueId> identity(Operation operation, Definitions definitions) {
        return switch (operation) {
            case Operation.Reshape reshape -> Optional.of(reshape.x());
            case Operation.Transpose transpose -> when(ascending(transpose.permutation()), transpose.x());
            case Operation.Slice slice -> Optional.of(slice.x());
            case Operation.Gather gather -> when(ascending(gather.indices()), gather.x());
            case Operation.Concat concat -> Optional.of(concat.parts().getFirst());
            case Operation.Quantize quantize -> codesAgain(quantize, definitions);
            case Operation.MaxPool pool -> when(pool.geometry().taps() == 1, pool.x());
            case Operation.Rescale rescale -> when(rescale.operands().size() == 1, rescale.x());
            case Operation.Affine affine ->
                when(all(affine.scale(), ONE, definitions) && all(affine.shift(), MINUS_ZERO, definitions), affine.x());
            case Elementwise elementwise -> identity(elementwise, definitions);
            // Whatever else there is stays as it is; forgetting one costs speed, never bits.
            default -> Optional.empty();
        };
    }

    /**
     * The codes of reals that codes were made of just before: of a moderate scale, the quotient of a product of f32 by
     * one of its factors lies so near to the other that it is rounded to it.
     */
    private static Optional<ValueId> codesAgain(Operation.Quantize quantize, Definitions definitions) {
        return definitions.operation(quantize
                .x()) instanceof Operation.Dequantize(ValueId codes, ValueId scale, var zero)
                && alike(quantize.scale(), scale, definitions)
                && quantize.zero().isPresent() == zero.isPresent()
                && (zero.isEmpty() || alike(quantize.zero().orElseThrow(), zero.get(), definitions))
                && quantize.grid().lowest() == quantize.grid().code().lowest()
                && quantize.grid().highest() == quantize.grid().code().highest()
                        ? Optional.of(codes)
                        : Optional.empty();
    }

    /** Whether two constants of one element are the same; a scale is to be neither very great nor very small. */
    private static boolean alike(ValueId one, ValueId other, Definitions definitions) {
        return definitions.constant(one).orElse(null) instanceof Tensor a
                && definitions.constant(other).orElse(null) instanceof Tensor b && switch (a) {
                    case Tensor.Floats(var _, float[] values) -> b instanceof Tensor.Floats floats && values.length == 1
                            && floats.values().length == 1 && values[0] == floats.values()[0]
                            && values[0] > LEAST_SCALE && values[0] < 1 / LEAST_SCALE;
                    case Tensor.Integers(var _, int[] values) -> b instanceof Tensor.Integers integers
                            && values.length == 1 && integers.values().length == 1
                            && values[0] == integers.values()[0];
                };
    }

    private static Optional<ValueId> identity(Elementwise operation, Definitions definitions) {
        int neutral = Float.floatToRawIntBits(operation.function().neutral());
        if (all(operation.right(), neutral, definitions)) {
            return Optional.of(operation.left());
        }
        return when(operation.function().commutes() && all(operation.left(), neutral, definitions),
                operation.right());
    }

    private static Operation joined(Operation operation, Definitions definitions) {
        if (operation instanceof Operation.Reshape(ValueId x)
                && definitions.operation(x) instanceof Operation.Reshape(ValueId before)) {
            return new Operation.Reshape(before);
        }
        if (operation instanceof Operation.Transpose(ValueId x, List<Integer> second)
                && definitions.operation(x) instanceof Operation.Transpose(ValueId before, List<Integer> first)) {
            return new Operation.Transpose(before, second.stream().map(first::get).toList());
        }
        return operation;
    }

    private static boolean ascending(List<Integer> permutation) {
        return permutation.equals(IntStream.range(0, permutation.size()).boxed().toList());
    }

    /** The operand of a relu that has no sign bit to lose. */
    private static Optional<ValueId> positive(Operation operation, Signs signs) {
        return operation instanceof Operation.Activation(ElementFunction function, ValueId x)
                && function.equals(ElementFunction.RELU) && signs.of(x) == KnownSign.NO_SIGN_BIT
                        ? Optional.of(x)
                        : Optional.empty();
    }

    /** Whether a value is a constant with these bits in every element. */
    private static boolean all(ValueId value, int bits, Definitions definitions) {
        return definitions.constant(value).orElse(null) instanceof Tensor.Floats floats
                && IntStream.range(0, floats.values().length)
                        .allMatch(i -> Float.floatToRawIntBits(floats.values()[i]) == bits);
    }

    private static Optional<ValueId> when(boolean holds, ValueId value) {
        return holds ? Optional.of(value) : Optional.empty();
    }
}
