package dev.tern.importers.onnx;

import dev.tern.importers.network.Constant;
import dev.tern.importers.network.ElementKind;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.ForeignValue.Coding;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.NetworkOp.Binary;
import dev.tern.importers.network.NetworkOp.DynamicQuantize;
import dev.tern.importers.network.NetworkOp.Reduce;
import dev.tern.importers.network.NetworkOp.Unary;
import dev.tern.importers.network.WeightCodes;
import java.util.List;
import java.util.Optional;

/**
 * Quantizers that are spelt in elementary operators, as they are where no operator has their width: a number by a
 * scale, rounded and held to the codes. What is found is carried on as the reals, under a coding; the elementary nodes
 * are then read by nobody.
 */
final class QuantizerPatterns {
    private static final float SMALLEST_RANGE = 1e-5f;
    private static final int MOST_BITS = 8;

    private QuantizerPatterns() {
    }

    // Signs

    /** {@code x >= 0 ? 1 : -1}, or {@code x > t ? 1 : x < -t ? -1 : 0}. */
    static Optional<ForeignValue> chosen(OnnxNode node, ForeignValue condition, ForeignValue then,
            ForeignValue otherwise) {
        Optional<ForeignNode> compared = node.network().producer(condition);
        if (compared.isEmpty() || !is(then, 1) || compared.get().inputs().size() != 2) {
            return Optional.empty();
        }
        ForeignValue x = compared.get().inputs().get(0);
        Optional<Float> bound = number(compared.get().inputs().get(1));
        if (bound.isEmpty() || x.known()) {
            return Optional.empty();
        }
        if (is(compared.get(), Binary.Function.GREATER_EQUAL) && bound.get() == 0 && is(otherwise, -1)) {
            return Optional.of(node.add(new NetworkOp.Binarize(1), x));
        }
        Optional<ForeignNode> below = node.network().producer(otherwise).filter(made -> made
                .op() instanceof NetworkOp.Where);
        if (is(compared.get(), Binary.Function.GREATER) && bound.get() >= 0 && below.isPresent()
                && is(below.get().inputs().get(1), -1) && is(below.get().inputs().get(2), 0)) {
            Optional<ForeignNode> less = node.network().producer(below.get().inputs().get(0))
                    .filter(made -> is(made, Binary.Function.LESS) && made.inputs().get(0).id() == x.id()
                            && is(made.inputs().get(1), -bound.get()));
            return less.map(_ -> node.add(new NetworkOp.Ternarize(bound.get()), x));
        }
        return Optional.empty();
    }

    // Codes

    /** Fewer codes than their type has; or a number by its scale, rounded and held to some codes. */
    static Optional<ForeignValue> clipped(OnnxNode node, ForeignValue x, float low, float high) {
        if (x.coding().orElse(null) instanceof Coding.Fixed coding && x.constant().orElse(
                null) instanceof Constant.Coded coded) {
            return Optional.of(node.network().coded(node.constant(WeightCodes.held(coded, coding.zeros(), (long) low,
                    (long) high)), x.kind(), x.coding()));
        }
        if (x.coding().isPresent()) {
            return narrowed(node, x, low, high);
        }
        Optional<ForeignNode> quotient = made(node, x, Unary.Function.ROUND).map(ForeignNode::x)
                .flatMap(rounded -> made(node, rounded, Binary.Function.DIVIDE));
        if (quotient.isEmpty() || quotient.get().x().known()) {
            return Optional.empty();
        }
        ForeignValue value = quotient.get().inputs().get(0);
        ForeignValue scale = quotient.get().inputs().get(1);
        Optional<Float> known = number(scale).filter(number -> number > 0 && Float.isFinite(number));
        if (known.isPresent()) {
            Coding.Fixed coding = new Coding.Fixed(new float[]{known.get()}, new long[]{0}, 0);
            ForeignValue real = node.add(new NetworkOp.Quantize(coding.scales(), coding.zeros(), 0, (long) low,
                    (long) high,
                    NetworkOp.Quantize.Rounding.HALF_EVEN), value);
            return Optional.of(node.network().coded(real, ElementKind.F32, Optional.of(coding)));
        }
        Optional<Bounds> bounds = Bounds.of(low, high);
        return bounds.flatMap(codes -> absmax(node, value, scale, codes).or(() -> unshifted(node, value, scale, codes)))
                .or(() -> stepped(node, value, scale, low, high)).map(real -> node.network().coded(real,
                        ElementKind.F32,
                        Optional.of(new Coding.Measured(scale.id(), false))));
    }

    /** The codes that a Clip behind a quantizer leaves. */
    private static Optional<ForeignValue> narrowed(OnnxNode node, ForeignValue x, float low, float high) {
        Optional<ForeignNode> made = node.network().producer(x);
        if (made.isEmpty() || !(made.get().op() instanceof NetworkOp.Quantize grid)
                || low != Math.rint(low) && low > grid.lowest() || high != Math.rint(high) && high < grid.highest()) {
            return Optional.empty();
        }
        ForeignValue real = node.add(new NetworkOp.Quantize(grid.scales(), grid.zeros(), grid.axis(),
                Math.max(grid.lowest(), (long) low), Math.min(grid.highest(), (long) high), grid.rounding()),
                made.get().x());
        return Optional.of(node.network().coded(real, x.kind(), x.coding()));
    }

    /** The codes of a number of bits. */
    private record Bounds(int bits, boolean unsigned) {
        static Optional<Bounds> of(float low, float high) {
            for (int bits = 1; bits <= MOST_BITS; bits++) {
                if (low == 0 && high == (1 << bits) - 1) {
                    return Optional.of(new Bounds(bits, true));
                }
                boolean signed = high == (1 << bits - 1) - 1 && (low == -(1 << bits - 1) || low == -high);
                if (bits > 1 && signed) {
                    return Optional.of(new Bounds(bits, false));
                }
            }
            return Optional.empty();
        }

        int highest() {
            return unsigned ? (1 << bits) - 1 : (1 << bits - 1) - 1;
        }
    }

    private static Optional<ForeignValue> absmax(OnnxNode node, ForeignValue x, ForeignValue scale, Bounds bounds) {
        Optional<ForeignNode> divided = made(node, scale, Binary.Function.DIVIDE)
                .filter(made -> is(made.inputs().get(1), bounds.highest()));
        Optional<ForeignNode> range = divided.flatMap(made -> made(node, made.x(), Binary.Function.MAXIMUM))
                .filter(made -> is(made.inputs().get(1), SMALLEST_RANGE));
        Optional<ForeignNode> reduced = range.flatMap(made -> node.network().producer(made.x()));
        Optional<Boolean> perRow = reduced.flatMap(made -> rows(made, Reduce.Kind.MAX));
        boolean own = reduced.isPresent() && made(node, reduced.get().x(), Unary.Function.ABSOLUTE)
                .filter(made -> made.x().id() == x.id()).isPresent();
        return own
                ? perRow.map(rows -> node.add(new DynamicQuantize(bounds.bits(), DynamicQuantize.Rule.ABSMAX,
                        bounds.unsigned(), rows), x))
                : Optional.empty();
    }

    /** Without a zero point the rule of the least and the greatest element is that of what is never negative. */
    private static Optional<ForeignValue> unshifted(OnnxNode node, ForeignValue x, ForeignValue scale, Bounds bounds) {
        return bounds.unsigned()
                ? Range.of(node, x, scale, bounds.highest()).map(range -> node.add(new DynamicQuantize(bounds.bits(),
                        DynamicQuantize.Rule.MINMAX, true, range.perRow()), x))
                : Optional.empty();
    }

    /** The scale of a step, from a table. */
    private static Optional<ForeignValue> stepped(OnnxNode node, ForeignValue x, ForeignValue scale, float low,
            float high) {
        Optional<ForeignNode> entry = node.network().producer(scale).filter(made -> made
                .op() instanceof NetworkOp.Gather
                && made.x().known() && made.x().rank() == 1 && !made.inputs().get(1).known());
        boolean unsigned = low == 0;
        if (entry.isEmpty() || high < 1 || high >= 1 << MOST_BITS || high != Math.rint(high)
                || !unsigned && low != -high) {
            return Optional.empty();
        }
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros((int) high) + (unsigned ? 0 : 1);
        return Optional.of(node.add(new NetworkOp.StepQuantize(bits, (int) (high - low) + 1, unsigned), x,
                entry.get().inputs().get(1), entry.get().x()));
    }

    /** Whether a reduction is over the last axis, or over all; empty where it is another. */
    private static Optional<Boolean> rows(ForeignNode made, Reduce.Kind kind) {
        if (!(made.op() instanceof Reduce reduce) || reduce.kind() != kind) {
            return Optional.empty();
        }
        int rank = made.x().rank();
        if (reduce.axes().size() == rank) {
            return Optional.of(false);
        }
        return reduce.keep() && reduce.axes().equals(List.of(rank - 1))
                ? Optional.of(true)
                : Optional.empty();
    }

    /** Codes less their zero point, where both follow from the least and the greatest element. */
    static Optional<ForeignValue> lessZero(OnnxNode node, ForeignValue codes, ForeignValue zero) {
        Optional<ForeignValue> own = CodedProducts.lessZero(node, codes, Optional.of(zero));
        if (own.isPresent() || codes.coding().isPresent()) {
            return own;
        }
        Optional<ForeignNode> clip = node.network().producer(codes);
        if (clip.isEmpty() || !(clip.get().op() instanceof Unary(var function, float low, float high))
                || function != Unary.Function.CLIP || low != 0) {
            return Optional.empty();
        }
        Optional<Bounds> bounds = Bounds.of(low, high);
        Optional<ForeignNode> moved = made(node, clip.get().x(), Binary.Function.ADD)
                .filter(made -> made.inputs().get(1).id() == zero.id());
        Optional<ForeignNode> quotient = moved.flatMap(made -> made(node, made.x(), Unary.Function.ROUND))
                .flatMap(made -> made(node, made.x(), Binary.Function.DIVIDE));
        if (bounds.isEmpty() || quotient.isEmpty()) {
            return Optional.empty();
        }
        ForeignValue x = quotient.get().inputs().get(0);
        ForeignValue scale = quotient.get().inputs().get(1);
        return minmax(node, x, scale, zero, bounds.get().highest())
                .map(perRow -> node.network().coded(
                        node.add(new DynamicQuantize(bounds.get().bits(), DynamicQuantize.Rule.MINMAX, false, perRow),
                                x),
                        ElementKind.F32, Optional.of(new Coding.Measured(scale.id(), false))));
    }

    /** Whether a value is the zero point of such a scale; then, whether both are by rows. */
    private static Optional<Boolean> minmax(OnnxNode node, ForeignValue x, ForeignValue scale, ForeignValue zero,
            int highest) {
        Optional<Range> range = Range.of(node, x, scale, highest);
        Optional<ForeignNode> low = made(node, zero, Unary.Function.CLIP)
                .flatMap(made -> made(node, made.x(), Unary.Function.ROUND))
                .flatMap(made -> made(node, made.x(), Binary.Function.DIVIDE))
                .filter(made -> made.inputs().get(1).id() == scale.id())
                .flatMap(made -> made(node, made.x(), Unary.Function.NEGATE));
        return range.filter(found -> low.isPresent() && low.get().x().id() == found.low()).map(Range::perRow);
    }

    /** A scale that follows from the least and the greatest element. @param low the id of the least one, or 0 */
    private record Range(int low, boolean perRow) {
        static Optional<Range> of(OnnxNode node, ForeignValue x, ForeignValue scale, int highest) {
            Optional<ForeignNode> chosen = node.network().producer(scale)
                    .filter(made -> made.op() instanceof NetworkOp.Where && is(made.inputs().get(1), 1));
            Optional<ForeignNode> width = chosen.flatMap(made -> made(node, made.inputs().get(2),
                    Binary.Function.DIVIDE))
                    .filter(made -> is(made.inputs().get(1), highest))
                    .flatMap(made -> made(node, made.x(), Binary.Function.SUBTRACT));
            Optional<ForeignNode> high = width.flatMap(made -> made(node, made.inputs().get(0),
                    Binary.Function.MAXIMUM));
            Optional<ForeignNode> low = width.flatMap(made -> made(node, made.inputs().get(1),
                    Binary.Function.MINIMUM));
            Optional<Boolean> rows = high.flatMap(made -> ofRange(node, made, x, Reduce.Kind.MAX));
            return rows.filter(perRow -> low.flatMap(made -> ofRange(node, made, x, Reduce.Kind.MIN))
                    .equals(Optional.of(perRow))).map(perRow -> new Range(low.get().output().id(), perRow));
        }
    }

    private static Optional<Boolean> ofRange(OnnxNode node, ForeignNode bounded, ForeignValue x, Reduce.Kind kind) {
        return is(bounded.inputs().get(1), 0)
                ? node.network().producer(bounded.x()).filter(made -> made.x().id() == x.id())
                        .flatMap(made -> rows(made, kind))
                : Optional.empty();
    }

    // Looking

    private static Optional<ForeignNode> made(OnnxNode node, ForeignValue value, Unary.Function function) {
        return node.network().producer(value)
                .filter(made -> made.op() instanceof Unary unary && unary.function() == function);
    }

    private static Optional<ForeignNode> made(OnnxNode node, ForeignValue value, Binary.Function function) {
        return node.network().producer(value).filter(made -> is(made, function));
    }

    private static boolean is(ForeignNode made, Binary.Function function) {
        return made.op() instanceof Binary binary && binary.function() == function;
    }

    private static Optional<Float> number(ForeignValue value) {
        return value.constant().filter(constant -> constant.floats().length == 1).map(Constant::floats)
                .map(values -> values[0]);
    }

    private static boolean is(ForeignValue value, float wanted) {
        return number(value).map(number -> number == wanted).orElse(false);
    }
}
