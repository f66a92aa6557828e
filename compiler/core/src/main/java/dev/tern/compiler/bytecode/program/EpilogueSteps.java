package dev.tern.compiler.bytecode.program;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.Constant;
import dev.tern.compiler.bytecode.JavaMath;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.bytecode.Local;
import dev.tern.compiler.bytecode.Operator;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Operation.ActivationFunction;
import dev.tern.compiler.graph.Operation.Elementwise;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import java.util.List;

/** What each step of an epilogue makes of the value of a channel. */
final class EpilogueSteps {
    /** 1.5 * 2^23: a float of magnitude under 2^22 that has it added and taken away is rounded half to even. */
    private static final float ROUNDING = 12_582_912f;
    /** So many comparisons are written out one by one; more run in a loop. */
    private static final int UNROLLED_LEVELS = 3;

    private final MethodScope scope;
    private final KernelProgram program;
    private final Producer producer;
    private final List<Epilogues.PlaneStore> planes;

    EpilogueSteps(MethodScope scope, KernelProgram program, Producer producer, List<Epilogues.PlaneStore> planes) {
        this.scope = scope;
        this.program = program;
        this.producer = producer;
        this.planes = planes;
    }

    /** The value after a step, at channel n of the row. */
    Value apply(Block block, Step step, Value value, Value n) {
        return switch (step) {
            case Step.ToFloat() -> value.to(JvmType.FLOAT);
            case Step.SubtractZero(var source) ->
                value.minus(hoisted("zero", Scales.zero(scope, source, scope.get("row"))));
            case Step.Multiply(var factors) -> scope.perChannel(factors, n).times(value);
            case Step.Rescale rescale -> rescaleFactor(rescale, n).times(value);
            case Step.Affine(var scale, var shift) ->
                scope.perChannel(scale, n).times(value).plus(scope.perChannel(shift, n));
            case Step.WithConstant(var function, var constants, var first) ->
                elementwise(function, value, scope.perChannel(constants, n), first);
            case Step.WithBuffer(var function, var other, var first, var oneRow) ->
                elementwise(function, value, scope.element(other, oneRow ? n : inRow(n)), first);
            case Step.Activation(var function) -> activation(function, once(block, value));
            case Step.Clip(var low, var high) -> {
                Value x = once(block, value);
                yield x.lessThan(Value.of(low)).choose(Value.of(low),
                        x.greaterThan(Value.of(high)).choose(Value.of(high), x));
            }
            case Step.PRelu(var slope) -> {
                Value x = once(block, value);
                yield x.atLeast(Value.of(0f)).choose(x, scope.perChannel(slope, n).times(x));
            }
            case Step.Threshold threshold -> threshold(block, threshold, value, n);
            case Step.Quantize quantize -> quantize(quantize, value);
            case Step.Sign() -> value.atLeast(Value.of(0f)).choose(Value.of(1), Value.of(-1));
            case Step.Ternarize(var threshold) -> {
                Value x = once(block, value);
                yield x.greaterThan(Value.of(threshold)).choose(Value.of(1),
                        x.lessThan(Value.of(-threshold)).choose(Value.of(-1), Value.of(0)));
            }
            case Step.StorePlain(var output, var rowStride, var channelOffset) -> {
                Value kept = once(block, value);
                Value row = producer.rows() == 1
                        ? n
                        : scope.beforeLoops("output", scope.get("row").times(rowStride)).plus(n);
                block.store(scope.element(output, row.plus(channelOffset)), kept);
                yield kept;
            }
            case Step.StorePlanes store -> {
                Value kept = once(block, value);
                planes.stream().filter(candidate -> candidate.of(store)).findFirst().orElseThrow().put(block, kept);
                yield kept;
            }
        };
    }

    private Value rescaleFactor(Step.Rescale rescale, Value n) {
        Value row = rescale.perRow() ? scope.get("row") : Value.of(0);
        Value scale = scope.element(rescale.scale(), row);
        if (rescale.weightScale().isEmpty()) {
            return scope.beforeLoops("scale", scale);
        }
        ConstantId weights = rescale.weightScale().get();
        return program.constant(weights).length() == 1
                ? scope.beforeLoops("scale", scale.times(scope.constant(weights).at(0)))
                : scope.beforeLoops("scale", scale).times(scope.constant(weights).at(n));
    }

    private static Value elementwise(Elementwise.Function function, Value value, Value other, boolean otherFirst) {
        Value left = otherFirst ? other : value;
        Value right = otherFirst ? value : other;
        return switch (function) {
            case ADD -> left.plus(right);
            case SUBTRACT -> left.minus(right);
            case MULTIPLY -> left.times(right);
        };
    }

    private static Value activation(ActivationFunction function, Value value) {
        if (function == ActivationFunction.RELU) {
            return value.greaterThan(Value.of(0f)).choose(value, Value.of(0f));
        }
        Value x = value.to(JvmType.DOUBLE);
        Value one = Value.of(1d);
        Value exponential = one.plus(JavaMath.EXP.of(x.negated()));
        Value result = switch (function) {
            case RELU, SIGMOID -> one.dividedBy(exponential);
            case TANH -> JavaMath.TANH.of(x);
            case SILU -> x.dividedBy(exponential);
            case GELU -> {
                Value inner = x.plus(Value.of(0.044715).times(x.times(x).times(x)));
                Value tanh = JavaMath.TANH.of(Value.of(Math.sqrt(2 / Math.PI)).times(inner));
                yield Value.of(0.5).times(x).times(one.plus(tanh));
            }
        };
        return result.to(JvmType.FLOAT);
    }

    private Value threshold(Block block, Step.Threshold threshold, Value value, Value n) {
        int levels = threshold.levels();
        boolean shared = program.constant(threshold.thresholds()).length() == levels;
        Value directed = directed(threshold, value, n);
        Value x = levels == 1 ? directed : once(block, directed);
        Local thresholds = scope.constant(threshold.thresholds());
        Value first = shared ? Value.of(0) : n.times(levels);
        Value count;
        if (levels <= UNROLLED_LEVELS) {
            Value sum = Value.of(0);
            for (int level = 0; level < levels; level++) {
                Value index = shared ? Value.of(level) : first.plus(level);
                Value reached = reached(x, thresholds.at(index));
                sum = level == 0 ? reached : sum.plus(reached);
            }
            count = sum;
        } else {
            Local reached = block.declare(scope.fresh("reached"), Value.of(0));
            Value start = shared ? first : block.declare(scope.fresh("first"), first);
            block.loop(scope.fresh("level"), 0, levels, (loop, level) -> loop.update(reached, Operator.ADD,
                    reached(x, thresholds.at(shared ? level : start.plus(level)))));
            count = reached;
        }
        Value scaled = count.times(threshold.step());
        return threshold.base() == 0 ? scaled : Value.of(threshold.base()).plus(scaled);
    }

    /** The value times the channel's direction; a long for an int, so that nothing overflows. */
    private Value directed(Step.Threshold threshold, Value value, Value n) {
        boolean integer = value.type() == JvmType.INT;
        Value wide = integer ? value.to(JvmType.LONG) : value;
        return threshold.directions().map(directions -> {
            Value direction = scope.perChannel(directions, n);
            return direction.to(integer ? JvmType.LONG : JvmType.FLOAT).times(wide);
        }).orElse(wide);
    }

    /** 1 where x has reached the threshold, else 0; for integers without a branch: the sign of threshold - 1 - x. */
    private static Value reached(Value x, Value threshold) {
        if (x.type() == JvmType.FLOAT) {
            return x.atLeast(threshold).choose(Value.of(1), Value.of(0));
        }
        Value below = threshold.to(JvmType.LONG).minus(Value.of(1L)).minus(x);
        return below.shiftRightUnsigned(Value.of(63)).to(JvmType.INT);
    }

    /**
     * clamp(rint(v / scale) + zero, lowest, highest) as rint(clamp(v / scale, lowest - zero, highest - zero)) + zero,
     * which is the same since the bounds are integers; clamped, the quotient is small enough for the rounding by
     * addition, which unlike Math.rint has a vector form for f32. A NaN gives code 0 either way.
     */
    private Value quantize(Step.Quantize quantize, Value value) {
        ElementType.Code code = quantize.grid().code();
        Value scale = hoisted("scale", Scales.scale(scope, quantize.scale(), scope.get("row")));
        Value zero = hoisted("zero", Scales.zero(scope, quantize.zero(), scope.get("row")));
        boolean without = zero instanceof Constant constant && constant.equals(Value.of(0));
        Value lowest = bound("lowest", code.lowest(), zero);
        Value highest = bound("highest", code.highest(), zero);
        Value clamped = JavaMath.MAX_FLOAT.of(lowest, JavaMath.MIN_FLOAT.of(highest, value.dividedBy(scale)));
        Value rounded = clamped.plus(Value.of(ROUNDING)).minus(Value.of(ROUNDING));
        return (without ? rounded : rounded.plus(real("offset", zero))).to(JvmType.INT);
    }

    private Value bound(String name, int code, Value zero) {
        return zero instanceof Constant constant
                ? Value.of((float) (code - (Integer) constant.literal()))
                : scope.beforeLoops(name, Value.of(code).minus(zero).to(JvmType.FLOAT));
    }

    private Value real(String name, Value zero) {
        return zero instanceof Constant constant
                ? Value.of((float) (Integer) constant.literal())
                : scope.beforeLoops(name, zero.to(JvmType.FLOAT));
    }

    private Value hoisted(String name, Value value) {
        return value instanceof Constant ? value : scope.beforeLoops(name, value);
    }

    private Value inRow(Value n) {
        return producer.rows() == 1
                ? n
                : scope.beforeLoops("other", scope.get("row").times(producer.channels())).plus(n);
    }

    /** The value as something that may be written down twice. */
    private Value once(Block block, Value value) {
        return value instanceof Local || value instanceof Constant ? value : block.declare(scope.fresh("v"), value);
    }
}
