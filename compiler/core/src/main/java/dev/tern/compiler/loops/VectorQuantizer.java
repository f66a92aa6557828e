package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Immediate;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.kernel.Step;

/**
 * The codes of a vector of f32, clamp(rint(v / scale) + zero, lowest, highest), by multiplications and
 * comparisons; a division, and the minimum and maximum of f32 by Java's rules, take far longer.
 *
 * <p>The quotient is that of a division, to the last bit: a product by the reciprocal is corrected twice by its
 * remainder, which a fused multiplication and addition finds exactly (P. Markstein, "Computation of elementary
 * functions on the IBM RISC System/6000 processor", 1990). Value and scale are multiplied by a power of two that brings
 * the scale near 1, so that no step leaves the range of f32 but where the quotient itself is out of all bounds; there
 * the product stands in. Only quotients too small to give anything but 0 may differ.
 *
 * <p>To round, 1.5 * 2^23 is added; the sum's bits, as an int, are those of that number plus the rounded quotient, and
 * greater and smaller quotients have greater and smaller bits. So they are clamped as ints.
 */
final class VectorQuantizer {
    private static final int ROUNDING_BITS = Float.floatToRawIntBits(QuantizerSteps.ROUNDING);
    private static final int EXPONENT_SHIFT = 23;
    private static final int EXPONENT_MASK = 255;
    /** The exponents of 2^126 and 2^-126 as they stand in a float. */
    private static final int GREATEST_POWER = 253;
    private static final int LEAST_POWER = 1;
    /** Fixed scales between this and its reciprocal need no power of two. */
    private static final float MODERATE = 0x1p-60f;

    private final RoutineScope scope;
    private final Grid grid;
    private final Value zero;
    private final boolean zeroPerRow;
    /** A power of two, or null where none is needed. */
    private final Value power;
    private final Value negatedScale;
    private final Value reciprocal;

    VectorQuantizer(RoutineScope scope, Step.Quantize quantize) {
        this.scope = scope;
        this.grid = quantize.grid();
        this.zero = Scales.zeroBeforeLoops(scope, quantize.zero());
        this.zeroPerRow = Scales.perRow(quantize.zero());
        Value given = Scales.scaleBeforeLoops(scope, quantize.scale());
        boolean perRow = Scales.perRow(quantize.scale());
        power = moderate(given) ? null : scope.beforeChannels("power", power(given), perRow);
        Value scale = power == null ? given : scope.beforeChannels("scaled", given.times(power), perRow);
        negatedScale = scope.beforeChannels("negated", scale.negated(), perRow);
        reciprocal = scope.beforeChannels("reciprocal", Value.of(1f).dividedBy(scale), perRow);
    }

    private static boolean moderate(Value scale) {
        return scale instanceof Immediate constant && constant.literal() instanceof Float fixed && fixed >= MODERATE
                && fixed <= 1 / MODERATE;
    }

    /** The power of two whose product with the scale is near 1. */
    private static Value power(Value scale) {
        Value exponent = MathFunction.FLOAT_BITS.of(scale).shiftRight(EXPONENT_SHIFT).and(Value.of(EXPONENT_MASK));
        Value opposite = MathFunction.MIN_INT.of(Value.of(GREATEST_POWER),
                MathFunction.MAX_INT.of(Value.of(LEAST_POWER), Value.of(GREATEST_POWER + 1).minus(exponent)));
        return MathFunction.FLOAT_OF_BITS.of(opposite.shiftLeft(EXPONENT_SHIFT));
    }

    /** The codes, as ints. @param value of f32 */
    Value codes(Block block, Value value) {
        Local quotient = quotient(block, value);
        Value bits = VectorValue.reinterpret(quotient.plus(Value.of(QuantizerSteps.ROUNDING)), ValueType.INT);
        Value clamped = MathFunction.MAX_INT.of(MathFunction.MIN_INT.of(bits, bound("highest", grid.highest())),
                bound("lowest", grid.lowest()));
        return isNaN(quotient).choose(Value.of(0), clamped.minus(bound("offset", 0)));
    }

    private Local quotient(Block block, Value value) {
        Local x = block.declare(scope.fresh("x"), power == null ? value : value.times(power));
        Local product = block.declare(scope.fresh("product"), x.times(reciprocal));
        Local quotient = corrected(block, x, corrected(block, x, product));
        return block.declare(scope.fresh("quotient"), isNaN(quotient).choose(product, quotient));
    }

    /** A quotient, better by what it leaves over of x. */
    private Local corrected(Block block, Local x, Local quotient) {
        Value remainder = MathFunction.FMA.of(quotient, negatedScale, x);
        return block.declare(scope.fresh("corrected"), MathFunction.FMA.of(remainder, reciprocal, quotient));
    }

    private static Value isNaN(Local value) {
        return value.is(Relation.NOT_EQUAL, value);
    }

    /** The bits of the sum that stands for a code. */
    private Value bound(String name, int of) {
        return zero instanceof Immediate constant
                ? Value.of(ROUNDING_BITS + of - (Integer) constant.literal())
                : scope.beforeChannels(name, Value.of(ROUNDING_BITS + of).minus(zero), zeroPerRow);
    }
}
