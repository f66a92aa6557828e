package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Immediate;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.VectorValue;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.target.Word;
import java.util.function.IntFunction;

/** Steps that make codes, without branches, which random data would mispredict. */
final class QuantizerSteps {
    /** 1.5 * 2^23: a float of magnitude under 2^22 that has it added and taken away is rounded half to even. */
    static final float ROUNDING = 12_582_912f;
    /** The bits of the least float that is no number, less one: those of positive infinity. */
    private static final int INFINITY_BITS = 0x7f800000;
    /** So many comparisons are written out one by one; more run in a loop. */
    private static final int UNROLLED_LEVELS = 3;

    private final RoutineScope scope;
    private final KernelProgram program;
    private final PixelKernel kernel;
    private final Lanes lanes;
    private final WordValues words;

    QuantizerSteps(RoutineScope scope, KernelProgram program, PixelKernel kernel, Lanes lanes) {
        this.kernel = kernel;
        this.lanes = lanes;
        this.scope = scope;
        this.program = program;
        this.words = new WordValues(program.target().word());
    }

    /**
     * x >= 0 ? 1 : -1. With +0 added, which makes +0 of -0, the numbers at or over 0 are those whose bits, unsigned,
     * are at most infinity's.
     */
    Flow sign(Block block, Value x) {
        if (lanes.many()) {
            return bipolar(block, x.atLeast(Value.of(0f)));
        }
        Value bits = MathFunction.FLOAT_BITS.of(x.plus(Value.of(0f)));
        return bipolar(block, switch (words.word()) {
            case BITS_32 -> {
                Local kept = block.declare(scope.fresh("bits"), bits);
                // Less than the next above infinity, and without a sign.
                yield kept.minus(Value.of(INFINITY_BITS + 1)).and(kept.xor(Value.of(-1)))
                        .shiftRightUnsigned(Value.of(31));
            }
            case BITS_64 -> bits.to(ValueType.LONG).and(Value.of(0xffffffffL)).minus(Value.of(INFINITY_BITS + 1L))
                    .shiftRightUnsigned(Value.of(63));
        });
    }

    private Flow bipolar(Block block, Value bit) {
        Local one = block.declare(scope.fresh("one"), bit);
        if (lanes.many()) {
            return new Flow(one.choose(Value.of(1), Value.of(-1)), one);
        }
        return new Flow(one.to(ValueType.INT).shiftLeft(1).minus(1), one);
    }

    /** {@code x > threshold ? 1 : x < -threshold ? -1 : 0}. */
    Value ternarize(Value x, float threshold) {
        return x.greaterThan(Value.of(threshold)).choose(Value.of(1),
                x.lessThan(Value.of(-threshold)).choose(Value.of(-1), Value.of(0)));
    }

    Flow threshold(Block block, Step.Threshold threshold, Value value, Value n) {
        Value reached = reached(block, threshold, value, n);
        if (threshold.levels() == 1 && threshold.base() == -1 && threshold.step() == 2) {
            return bipolar(block, reached);
        }
        Value count = reached.type() instanceof ValueType.MaskOf ? reached.choose(Value.of(1), Value.of(0)) : reached;
        Value scaled = count.to(ValueType.INT).times(threshold.step());
        return new Flow(threshold.base() == 0 ? scaled : Value.of(threshold.base()).plus(scaled));
    }

    /**
     * How many thresholds the value has reached: a word, or of several channels a mask for one level and ints for more.
     */
    private Value reached(Block block, Step.Threshold threshold, Value value, Value n) {
        int levels = threshold.levels();
        boolean shared = program.constant(threshold.thresholds()).length() == levels;
        Value directed = directed(threshold, value, n);
        Value x = levels == 1 ? directed : block.declare(scope.fresh("x"), directed);
        Local thresholds = scope.constant(threshold.thresholds());
        int channels = program.constant(threshold.thresholds()).length() / levels;
        IntFunction<Value> index = level -> shared
                ? Value.of(level)
                : threshold.byLevel() ? n.plus(level * channels) : n.times(levels).plus(level);
        if (lanes.many() && levels == 1) {
            return x.atLeast(shared ? thresholds.at(0) : lanes.read(thresholds.at(n)));
        }
        if (!lanes.many() && levels <= UNROLLED_LEVELS) {
            Value sum = null;
            for (int level = 0; level < levels; level++) {
                Value one = reached(x, thresholds.at(index.apply(level)));
                sum = sum == null ? one : sum.plus(one);
            }
            return sum;
        }
        Value nothing = lanes.many()
                ? VectorValue.broadcast(new ValueType.VectorOf(ValueType.INT, lanes.count()), Value.of(0))
                : words.zero();
        Local count = block.declare(scope.fresh("reached"), nothing);
        boolean stepped = !shared && !threshold.byLevel();
        Value first = stepped ? block.declare(scope.fresh("first"), n.times(levels)) : n;
        block.loop(scope.fresh("level"), 0, levels, (loop, level) -> {
            Value.ArrayElement element = thresholds.at(shared
                    ? level
                    : stepped ? first.plus(level) : first.plus(level.times(channels)));
            loop.assign(count, lanes.many()
                    ? x.atLeast(shared ? element : lanes.read(element)).choose(count.plus(1), count)
                    : count.plus(reached(x, element)));
        });
        return count;
    }

    /**
     * The value times the channel's direction; one int as a long, so that nothing overflows. A machine of 32 bits
     * compares ints where there are no directions.
     */
    private Value directed(Step.Threshold threshold, Value value, Value n) {
        if (lanes.many()) {
            boolean floats = value.type().equals(new ValueType.VectorOf(ValueType.FLOAT, lanes.count()));
            return threshold.directions().map(directions -> {
                Value direction = scope.perChannel(directions, n, lanes);
                return (floats ? direction.to(ValueType.FLOAT) : direction).times(value);
            }).orElse(value);
        }
        boolean integer = value.type() == ValueType.INT;
        if (integer && words.word() == Word.BITS_32 && threshold.directions().isEmpty()) {
            return value;
        }
        Value wide = integer ? value.to(ValueType.LONG) : value;
        return threshold.directions().map(directions -> {
            Value direction = scope.perChannel(directions, n);
            return direction.to(integer ? ValueType.LONG : ValueType.FLOAT).times(wide);
        }).orElse(wide);
    }

    /** 1 where x has reached the threshold, else 0, as a word; of longs the sign of threshold - 1 - x. */
    private Value reached(Value x, Value threshold) {
        if (x.type() == ValueType.LONG) {
            return threshold.to(ValueType.LONG).minus(Value.of(1L)).minus(x).shiftRightUnsigned(Value.of(63))
                    .to(words.type());
        }
        return x.atLeast(threshold).choose(words.of(1), words.zero());
    }

    /**
     * clamp(rint(v / scale) + zero, lowest, highest) as rint(clamp(v / scale, lowest - zero, highest - zero)) + zero,
     * which is the same since the bounds are integers; clamped, the quotient is small enough for the rounding by
     * addition, which unlike Math.rint has a vector form for f32. A NaN gives code 0 either way.
     */
    Value quantize(Block block, Step.Quantize quantize, Value value) {
        if (lanes.many()) {
            return new VectorQuantizer(scope, program, kernel, quantize).codes(block, value);
        }
        Value zero = Scales.zeroBeforeLoops(scope, quantize.zero());
        boolean perRow = Scales.perRow(quantize.zero());
        Value rounded = rounded(quantize, zero, value);
        return (zero.equals(Value.of(0)) ? rounded : rounded.plus(real("offset", zero, perRow))).to(ValueType.INT);
    }

    /**
     * The same code less the zero point, as f32. Where no value is a NaN it never becomes an int, of which the C2 of
     * Java 17 makes no vector code.
     */
    Value quantizeToReal(Block block, Step.QuantizeToReal step, Value value, boolean noNaN) {
        Step.Quantize quantize = new Step.Quantize(step.scale(), step.zero(), step.grid());
        if (noNaN) {
            return rounded(quantize, Scales.zeroBeforeLoops(scope, step.zero()), value);
        }
        return quantize(block, quantize, value).minus(Scales.zeroBeforeLoops(scope, step.zero())).to(ValueType.FLOAT);
    }

    /** The code less the zero point; a sum, so that it is never -0. */
    private Value rounded(Step.Quantize quantize, Value zero, Value value) {
        Value scale = Scales.scaleBeforeLoops(scope, quantize.scale());
        boolean perRow = Scales.perRow(quantize.zero());
        Value lowest = bound("lowest", quantize.grid().lowest(), zero, perRow);
        Value highest = bound("highest", quantize.grid().highest(), zero, perRow);
        Value clamped = MathFunction.MAX_FLOAT.of(lowest, MathFunction.MIN_FLOAT.of(highest, value.dividedBy(scale)));
        return clamped.plus(Value.of(ROUNDING)).minus(Value.of(ROUNDING));
    }

    private Value bound(String name, int code, Value zero, boolean perRow) {
        return zero instanceof Immediate constant
                ? Value.of((float) (code - (Integer) constant.literal()))
                : scope.beforeChannels(name, Value.of(code).minus(zero).to(ValueType.FLOAT), perRow);
    }

    private Value real(String name, Value zero, boolean perRow) {
        return zero instanceof Immediate constant
                ? Value.of((float) (Integer) constant.literal())
                : scope.beforeChannels(name, zero.to(ValueType.FLOAT), perRow);
    }
}
