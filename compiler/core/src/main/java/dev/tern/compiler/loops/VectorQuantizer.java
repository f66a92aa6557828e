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
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Step;

/**
 * The codes of a vector of f32, clamp(rint(v / scale) + zero, lowest, highest), by multiplications and
 * comparisons; a division, and the minimum and maximum of f32 by Java's rules, take far longer.
 *
 * <p>The quotient is {@code fma(v, reciprocal, v * rest)}, where {@code reciprocal} is the f32 nearest to 1 / scale
 * and {@code rest} the f32 nearest to what that leaves over (N. Brisebarre, J.-M. Muller, S. K. Raina, "Accelerating
 * correctly rounded floating-point division when the divisor is known in advance", 2004). That is within a unit in the
 * last place of the one that a division gives, and on the same side of every half up to 255.5, of every scale: all 2^23
 * of them were tried, with the floats next to each half. So it is rounded to the same code, of which there are 8 bits
 * at most. Value and scale are multiplied by a power of two that brings the scale near 1, so that no step leaves the
 * range of f32 but where the quotient itself is out of all bounds. Only quotients too small to give anything but 0 may
 * differ.
 *
 * <p>To round, 1.5 * 2^23 is added; the sum's bits, as an int, are those of that number plus the rounded quotient, and
 * greater and smaller quotients have greater and smaller bits. So they are clamped as ints.
 *
 * <p>A NaN and an infinity make the scale that is derived of their range one of both, by which every quotient is 0 or
 * no number: all codes are 0 then. With other scales the two are told apart, where there can be any.
 */
final class VectorQuantizer {
    private static final int ROUNDING_BITS = Float.floatToRawIntBits(QuantizerSteps.ROUNDING);
    private static final int EXPONENT_SHIFT = 23;
    private static final int EXPONENT_MASK = 255;
    /** The exponents of 2^126 and 2^-126 as they stand in a float. */
    private static final int GREATEST_POWER = 253;
    private static final int LEAST_POWER = 1;
    /** Fixed scales between these need no power of two; of one below, what the reciprocal leaves over can overflow. */
    private static final float LEAST_SCALE = 0x1p-24f;
    private static final float GREATEST_SCALE = 0x1p60f;

    private final RoutineScope scope;
    private final boolean scalePerRow;
    /** Whether a value that is not finite has made the scale so. */
    private final boolean ranged;
    /** Whether no quotient can be a NaN. */
    private final boolean finite;
    /** A power of two, or null where none is needed. */
    private final Value power;
    private final Value reciprocal;
    private final Value rest;
    /** The bits of the sum that stands for code 0. */
    private final Value offset;
    /** The bits that codes may not pass; those of code 0 where there is no other. */
    private final Value lowest;
    private final Value highest;

    VectorQuantizer(RoutineScope scope, KernelProgram program, PixelKernel kernel, Step.Quantize quantize) {
        this.scope = scope;
        Grid grid = quantize.grid();
        this.scalePerRow = Scales.perRow(quantize.scale());
        this.ranged = derived(program, quantize.scale());
        this.finite = EpilogueMagnitudes.finiteQuotients(program, kernel, quantize);
        Value given = Scales.scaleBeforeLoops(scope, quantize.scale());
        if (given instanceof Immediate constant && moderate((Float) constant.literal())) {
            float known = (Float) constant.literal();
            power = null;
            reciprocal = Value.of(1 / known);
            rest = Value.of(rest(known));
        } else {
            power = before("power", power(given));
            Local scale = before("scaled", given.times(power));
            reciprocal = before("reciprocal", Value.of(1f).dividedBy(scale));
            Value wide = scale.to(ValueType.DOUBLE);
            rest = before("rest", Value.of(1.0).minus(reciprocal.to(ValueType.DOUBLE).times(wide)).dividedBy(wide)
                    .to(ValueType.FLOAT));
        }
        Value zero = Scales.zeroBeforeLoops(scope, quantize.zero());
        boolean zeroPerRow = Scales.perRow(quantize.zero());
        offset = standing("offset", 0, zero, zeroPerRow);
        Value least = standing("lowest", grid.lowest(), zero, zeroPerRow);
        Value most = standing("highest", grid.highest(), zero, zeroPerRow);
        if (ranged) {
            Value finite = given.lessThan(Value.of(Float.POSITIVE_INFINITY));
            lowest = scope.beforeChannels("lowest", finite.choose(least, offset), zeroPerRow || scalePerRow);
            highest = scope.beforeChannels("highest", finite.choose(most, offset), zeroPerRow || scalePerRow);
        } else {
            lowest = least;
            highest = most;
        }
    }

    /**
     * What the reciprocal of a scale leaves over, 1 / scale - reciprocal, rounded once: in double all that comes before
     * the division is exact, and the division is too near to matter.
     */
    static float rest(float scale) {
        return (float) ((1 - (double) (1 / scale) * scale) / scale);
    }

    private static boolean derived(KernelProgram program, Step.ScaleSource scale) {
        return scale instanceof Step.ScaleSource.Measured measured && program.kernels().stream()
                .anyMatch(kernel -> kernel instanceof Kernel.DeriveScale derive
                        && derive.scale().filter(measured.buffer()::equals).isPresent());
    }

    private static boolean moderate(float scale) {
        return scale >= LEAST_SCALE && scale <= GREATEST_SCALE;
    }

    private Local before(String name, Value value) {
        return scope.beforeChannels(name, value, scalePerRow);
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
        Local x = block.declare(scope.fresh("x"), power == null ? value : value.times(power));
        Local quotient = block.declare(scope.fresh("quotient"), MathFunction.FMA.of(x, reciprocal, x.times(rest)));
        if (ranged || finite) {
            return clamped(quotient);
        }
        Local told = block.declare(scope.fresh("quotient"), isNaN(quotient).choose(x, quotient));
        return isNaN(told).choose(Value.of(0), clamped(told));
    }

    private Value clamped(Local quotient) {
        Value bits = VectorValue.reinterpret(quotient.plus(Value.of(QuantizerSteps.ROUNDING)), ValueType.INT);
        return MathFunction.MAX_INT.of(MathFunction.MIN_INT.of(bits, highest), lowest).minus(offset);
    }

    private static Value isNaN(Local value) {
        return value.is(Relation.NOT_EQUAL, value);
    }

    /** The bits of the sum that stands for a code. */
    private Value standing(String name, int code, Value zero, boolean perRow) {
        return zero instanceof Immediate constant
                ? Value.of(ROUNDING_BITS + code - (Integer) constant.literal())
                : scope.beforeChannels(name, Value.of(ROUNDING_BITS + code).minus(zero), perRow);
    }
}
