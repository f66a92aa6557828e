package dev.tern.importers.onnx;

import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.NetworkOp.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code x * 0.5 * (1 + erf(x / sqrt(2)))}, multiplied in any order, as tools write Gelu where their operator set has
 * none.
 */
final class GeluPattern {
    private static final double ROOT = Math.sqrt(2);
    /** What files round the constants to. */
    private static final double NEAR = 1e-3;

    private GeluPattern() {
    }

    /** The function of x where two factors are all of the pattern. */
    static Optional<ForeignValue> of(OnnxNode node, ForeignValue left, ForeignValue right) {
        List<ForeignValue> factors = new ArrayList<>();
        addTo(factors, node, left);
        addTo(factors, node, right);
        if (factors.size() != 3) {
            return Optional.empty();
        }
        boolean half = factors.removeIf(factor -> is(factor, 0.5));
        if (!half || factors.size() != 2) {
            return Optional.empty();
        }
        return argument(node, factors.get(0)).filter(x -> x.id() == factors.get(1).id())
                .or(() -> argument(node, factors.get(1)).filter(x -> x.id() == factors.get(0).id()))
                .map(x -> node.unary(Unary.Function.GELU_ERF, x));
    }

    private static void addTo(List<ForeignValue> factors, OnnxNode node, ForeignValue value) {
        Optional<ForeignNode> made = made(node, value, Binary.Function.MULTIPLY);
        if (made.isPresent() && factors.size() < 3) {
            made.get().inputs().forEach(factor -> addTo(factors, node, factor));
        } else {
            factors.add(value);
        }
    }

    /** x of {@code 1 + erf(x / sqrt(2))}. */
    private static Optional<ForeignValue> argument(OnnxNode node, ForeignValue value) {
        return made(node, value, Binary.Function.ADD)
                .flatMap(sum -> other(sum, 1))
                .flatMap(erf -> node.network().producer(erf))
                .filter(made -> made.op() instanceof Unary unary && unary.function() == Unary.Function.ERF)
                .flatMap(erf -> made(node, erf.x(), Binary.Function.DIVIDE)
                        .filter(divided -> is(divided.inputs().get(1), ROOT)).map(ForeignNode::x)
                        .or(() -> made(node, erf.x(), Binary.Function.MULTIPLY)
                                .flatMap(scaled -> other(scaled, 1 / ROOT))));
    }

    /** The operand beside a number. */
    private static Optional<ForeignValue> other(ForeignNode made, double number) {
        ForeignValue left = made.inputs().get(0);
        ForeignValue right = made.inputs().get(1);
        return is(right, number) ? Optional.of(left) : is(left, number) ? Optional.of(right) : Optional.empty();
    }

    private static Optional<ForeignNode> made(OnnxNode node, ForeignValue value, Binary.Function function) {
        return node.network().producer(value)
                .filter(made -> made.op() instanceof Binary binary && binary.function() == function);
    }

    private static boolean is(ForeignValue value, double wanted) {
        return value.constant().filter(constant -> constant.floats().length == 1)
                .map(constant -> Math.abs(constant.floats()[0] - wanted) < NEAR * wanted).orElse(false);
    }
}
