package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Step;
import java.util.Arrays;

/**
 * Integers to codes by fixed-point factors, as {@link FixedPoint} defines them, in 64 bits: no product is as great as
 * 2^62, and without a branch.
 */
record Requantizer(KernelProgram program, Step.Requantize step) implements StepGenerator {
    @Override
    public boolean hasVectorForm() {
        return false;
    }

    @Override
    public Flow apply(StepScope at, Block block, Flow flow, Value n) {
        RoutineScope scope = at.routine();
        Value value = flow.value();
        Value biased = step.bias().<Value>map(bias -> value.plus(scope.perChannel(bias, n))).orElse(value);
        Value shift = block.declare(scope.fresh("shift"), scope.perChannel(step.shifts(), n));
        Value mantissa = scope.perChannel(step.mantissas(), n).to(ValueType.LONG);
        Value scaled = switch (step.rounding()) {
            case DOUBLE -> twice(scope, block, biased, mantissa, shift);
            case SINGLE -> {
                Value down = block.declare(scope.fresh("down"), Value.of(FixedPoint.BITS).minus(shift));
                yield shifted(biased.to(ValueType.LONG).times(mantissa).plus(half(down)), down);
            }
        };
        Value clamped = MathFunction.MAX_INT.of(Value.of(step.lowest() - step.zero()),
                MathFunction.MIN_INT.of(Value.of(step.highest() - step.zero()), scaled.to(ValueType.INT)));
        return new Flow(clamped.plus(step.zero()));
    }

    private Value twice(RoutineScope scope, Block block, Value x, Value mantissa, Value shift) {
        int[] shifts = ((ConstantArray.Ints) program.constant(step.shifts())).values();
        boolean left = Arrays.stream(shifts).anyMatch(s -> s > 0);
        boolean always = Arrays.stream(shifts).allMatch(s -> s < 0);
        Value up = left ? x.shiftLeft(MathFunction.MAX_INT.of(shift, Value.of(0))) : x;
        Value high = block.declare(scope.fresh("high"), up.to(ValueType.LONG).times(mantissa)
                .plus(Value.of(1L << FixedPoint.BITS - 1)).shiftRight(FixedPoint.BITS));
        Value down = block.declare(scope.fresh("down"), always
                ? Value.of(0).minus(shift)
                : MathFunction.MAX_INT.of(Value.of(0).minus(shift), Value.of(0)));
        // Halves go away from zero: of a negative number one less is rounded, but where nothing is.
        Value sign = high.shiftRight(Long.SIZE - 1);
        Value away = always ? sign : sign.and(Value.of(0).minus(down).shiftRight(Integer.SIZE - 1).to(ValueType.LONG));
        return shifted(high.plus(half(down)).plus(away), down);
    }

    /** Half of what is shifted away; 0 where nothing is. */
    private static Value half(Value down) {
        return Value.of(1L).shiftLeft(down).shiftRight(1);
    }

    private static Value shifted(Value x, Value down) {
        return Value.binary(Operator.SHIFT_RIGHT, x, down);
    }
}
