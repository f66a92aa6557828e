package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.ElementType.Code;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.meaning.Meaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A node that turns reals into codes, each element for itself: sign, ternarize, or quantize. The code never falls as
 * x rises.
 *
 * @param lowest the least code it gives
 * @param highest the greatest
 * @param scales scale and zero point, where they are constant scalars; absent where they are not
 */
record Quantizer(Operation operation, ValueId x, Code code, int lowest, int highest, Optional<List<Tensor>> scales) {
    static Optional<Quantizer> of(Node node, Definitions definitions) {
        if (node.operation() instanceof Operation.Sign sign) {
            return Optional.of(new Quantizer(sign, sign.x(), ElementType.BIPOLAR, -1, 1, Optional.of(List.of())));
        }
        if (node.operation() instanceof Operation.Ternarize ternarize) {
            return Optional
                    .of(new Quantizer(ternarize, ternarize.x(), ElementType.TERNARY, -1, 1, Optional.of(List.of())));
        }
        if (node.operation() instanceof Operation.Quantize quantize) {
            Grid grid = quantize.grid();
            return Optional.of(new Quantizer(quantize, quantize.x(), grid.code(), grid.lowest(), grid.highest(),
                    scalars(quantize, definitions)));
        }
        return Optional.empty();
    }

    private static Optional<List<Tensor>> scalars(Operation.Quantize quantize, Definitions definitions) {
        List<Tensor> constants = new ArrayList<>();
        quantize.operands().stream().skip(1).map(definitions::constant).flatMap(Optional::stream)
                .filter(t -> t.shape().rank() == 0).forEach(constants::add);
        return constants.size() == quantize.operands().size() - 1 ? Optional.of(constants) : Optional.empty();
    }

    /** Whether the code of a real is known at compile time. */
    boolean constant() {
        return scales.isPresent();
    }

    /** The codes of reals of any shape; only where the scale is constant. */
    Tensor.Integers codes(Tensor.Floats reals) {
        List<Tensor> operands = Stream.concat(Stream.of(reals), scales.orElseThrow().stream()).toList();
        return (Tensor.Integers) Meaning.evaluate(operation, null, operands);
    }

    /** The same quantizer of another value. */
    Operation of(ValueId other) {
        return operation.map(operand -> operand.equals(x) ? other : operand);
    }

    /** Whether a real and all below it certainly have the lowest code. */
    boolean saturatesBelow(float real) {
        if (constant()) {
            return codes(Tensor.scalar(real)).values()[0] == lowest;
        }
        // Of a scale that is not known, which is above 0; sign and ternarize have none.
        return real <= 0 && lowest == 0 && ((Operation.Quantize) operation).zero().isEmpty();
    }

    /** Whether a real and all above it certainly have the highest code. */
    boolean saturatesAbove(float real) {
        return constant() && codes(Tensor.scalar(real)).values()[0] == highest;
    }
}
