package dev.tern.importers.tern;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ImportProblemException;
import dev.tern.importers.network.NetworkOp.Binary;
import java.util.List;
import java.util.Optional;

/** Truth values: they are 0 and 1, and what chooses by them multiplies. Numbers have to be finite. */
final class TruthPlacement {
    private final Site site;
    private final ElementPlacement elements;
    /** Values that the network does not have; its own count from 0 up. */
    private int made = -1;

    TruthPlacement(Site site, ElementPlacement elements) {
        this.site = site;
        this.elements = elements;
    }

    Placed compare(ForeignNode node, Binary op) {
        return switch (op.function()) {
            case AND -> elements.binary(node, new Binary(Binary.Function.MULTIPLY));
            case OR -> elements.binary(node, new Binary(Binary.Function.MAXIMUM));
            case GREATER -> above(difference(node), 1);
            case LESS -> above(difference(node), -1);
            case GREATER_EQUAL -> not(above(difference(node), -1));
            case LESS_EQUAL -> not(above(difference(node), 1));
            case EQUAL -> not(apart(difference(node)));
            case XOR -> apart(difference(node));
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, MINIMUM, MAXIMUM, MODULO ->
                throw new IllegalStateException(op + " gives no truth value");
        };
    }

    private Placed difference(ForeignNode node) {
        for (ForeignValue operand : node.inputs()) {
            if (operand.kind() != ElementKind.F32 && operand.kind() != ElementKind.BOOL) {
                throw new ImportProblemException("comparing integers is not supported");
            }
            requireFinite(operand);
        }
        return elements.binary(node, new Binary(Binary.Function.SUBTRACT));
    }

    private static void requireFinite(ForeignValue value) {
        for (float number : value.constant().map(Constant::floats).orElse(new float[0])) {
            if (!Float.isFinite(number)) {
                throw new ImportProblemException("choosing by, or among, numbers that are not finite is not supported");
            }
        }
    }

    /** 1 where a number of this sign is above zero. */
    private Placed above(Placed x, int sign) {
        return x.by(site.apply("relu", elements.ternary(site.times(x.call(), sign))));
    }

    /** 1 where a number is not zero. */
    private Placed apart(Placed x) {
        return x.by(site.apply(site.has("abs"), elements.ternary(x.call())));
    }

    private Placed not(Placed x) {
        return x.by(site.plus(site.times(x.call(), -1), 1));
    }

    /** A number as a truth value. */
    Placed notZero(ForeignValue x) {
        return apart(site.real(x));
    }

    /** {@code c * a + (1 - c) * b}. */
    Placed where(ForeignNode node) {
        ForeignValue condition = node.inputs().get(0);
        ForeignValue then = node.inputs().get(1);
        ForeignValue otherwise = node.inputs().get(2);
        requireFinite(then);
        requireFinite(otherwise);
        ForeignValue opposite = value(node, condition.shape());
        site.put(opposite, not(site.real(condition)));
        ForeignValue left = combined(node, Binary.Function.MULTIPLY, condition, then);
        ForeignValue right = combined(node, Binary.Function.MULTIPLY, opposite, otherwise);
        return elements.binary(new ForeignNode(node.op(), List.of(left, right), node.output(), node.origin()),
                new Binary(Binary.Function.ADD));
    }

    private ForeignValue combined(ForeignNode node, Binary.Function function, ForeignValue a, ForeignValue b) {
        ForeignValue result = value(node, Extents.broadcast(a.shape(), b.shape()));
        Binary op = new Binary(function);
        site.put(result, elements.binary(new ForeignNode(op, List.of(a, b), result, node.origin()), op));
        return result;
    }

    private ForeignValue value(ForeignNode node, List<Integer> shape) {
        return new ForeignValue(made--, node.output().name(), ElementKind.F32, shape, Optional.empty(), Optional
                .empty());
    }
}
