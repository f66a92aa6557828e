package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.compiler.graph.formula.FixedPoint.Rounding;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Step;
import java.util.Arrays;

/**
 * Integers to codes by fixed-point factors, as {@link FixedPoint} defines them: in 64 bits, where no product is as
 * great as 2^62, or for vectors in lanes of 32 by {@link HighProduct}; without a branch either way.
 */
record Requantizer(KernelProgram program, Step.Requantize step) implements StepGenerator {
    @Override
    public boolean hasVectorForm() {
        return step.rounding() == Rounding.DOUBLE || Arrays.stream(shifts()).allMatch(s -> s < 0);
    }

    private int[] shifts() {
        return ((ConstantArray.Ints) program.constant(step.shifts())).values();
    }

    @Override
    public Flow apply(StepScope at, Block block, Flow flow, Value n) {
        RoutineScope scope = at.routine();
        Lanes lanes = at.lanes();
        Value biased = step.bias().<Value>map(bias -> flow.value().plus(scope.perChannel(bias, n, lanes)))
                .orElse(flow.value());
        Value shift = block.declare(scope.fresh("shift"), scope.perChannel(step.shifts(), n, lanes));
        Value mantissa = scope.perChannel(step.mantissas(), n, lanes);
        Value scaled = lanes.many()
                ? ofVector(scope, block, biased, mantissa, shift)
                : switch (step.rounding()) {
                    case DOUBLE -> twice(scope, block, biased, mantissa.to(ValueType.LONG), shift);
                    case SINGLE, SHORT -> {
                        Value down = block.declare(scope.fresh("down"), Value.of(FixedPoint.BITS).minus(shift));
                        yield shifted(biased.to(ValueType.LONG).times(mantissa.to(ValueType.LONG)).plus(half(down)),
                                down).to(ValueType.INT);
                    }
                };
        Value clamped = MathFunction.MAX_INT.of(Value.of(step.lowest() - step.zero()),
                MathFunction.MIN_INT.of(Value.of(step.highest() - step.zero()), scaled));
        return new Flow(clamped.plus(Value.of(step.zero())));
    }

    /** Lanes of ints; no step leaves 32 bits but where the definition does. */
    private Value ofVector(RoutineScope scope, Block block, Value x, Value mantissa, Value shift) {
        Value down = block.declare(scope.fresh("down"), down(shift));
        if (step.rounding() == Rounding.SINGLE) {
            Value floor = new HighProduct(scope, block, x, mantissa).floor();
            return shifted(floor, down).plus(shifted(floor, down.minus(Value.of(1))).and(Value.of(1)));
        }
        Value up = anyLeft() ? x.shiftLeft(MathFunction.MAX_INT.of(shift, Value.of(0))) : x;
        Value high = new HighProduct(scope, block, up, mantissa).halvesUp();
        Value mask = block.declare(scope.fresh("mask"), Value.of(1).shiftLeft(down).minus(Value.of(1)));
        // Halves go away from zero: what is shifted away must be more than half, and of a negative number one more.
        Value threshold = mask.shiftRight(1).plus(Value.binary(Operator.SHIFT_RIGHT_UNSIGNED, high,
                Value.of(Integer.SIZE - 1)));
        return shifted(high, down).plus(high.and(mask).greaterThan(threshold).choose(Value.of(1), Value.of(0)));
    }

    private boolean anyLeft() {
        return Arrays.stream(shifts()).anyMatch(s -> s > 0);
    }

    private Value down(Value shift) {
        Value down = Value.of(0).minus(shift);
        return Arrays.stream(shifts()).allMatch(s -> s < 0) ? down : MathFunction.MAX_INT.of(down, Value.of(0));
    }

    private Value twice(RoutineScope scope, Block block, Value x, Value mantissa, Value shift) {
        boolean always = Arrays.stream(shifts()).allMatch(s -> s < 0);
        Value up = anyLeft() ? x.shiftLeft(MathFunction.MAX_INT.of(shift, Value.of(0))) : x;
        Value high = block.declare(scope.fresh("high"), up.to(ValueType.LONG).times(mantissa)
                .plus(Value.of(1L << FixedPoint.BITS - 1)).shiftRight(FixedPoint.BITS));
        Value down = block.declare(scope.fresh("down"), down(shift));
        // Halves go away from zero: of a negative number one less is rounded, but where nothing is.
        Value sign = high.shiftRight(Long.SIZE - 1);
        Value away = always ? sign : sign.and(Value.of(0).minus(down).shiftRight(Integer.SIZE - 1).to(ValueType.LONG));
        return shifted(high.plus(half(down)).plus(away), down).to(ValueType.INT);
    }

    /** Half of what is shifted away; 0 where nothing is. */
    private static Value half(Value down) {
        return Value.of(1L).shiftLeft(down).shiftRight(1);
    }

    private static Value shifted(Value x, Value down) {
        return Value.binary(Operator.SHIFT_RIGHT, x, down);
    }
}
