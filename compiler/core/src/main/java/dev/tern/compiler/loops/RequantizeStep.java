package dev.tern.compiler.loops;

import dev.tern.compiler.bytecode.Block;
import dev.tern.compiler.bytecode.JavaMath;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.bytecode.Operator;
import dev.tern.compiler.bytecode.Value;
import dev.tern.compiler.graph.formula.FixedPoint;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Step;
import java.util.Arrays;

/**
 * Integers to codes by fixed-point factors, as {@link FixedPoint} defines them, in 64 bits: no product is as great as
 * 2^62, and without a branch.
 */
record RequantizeStep(MethodScope scope, KernelProgram program, Step.Requantize step) {
    /** The code of an int at channel n. */
    Value code(Block block, Value value, Value n) {
        Value biased = step.bias().<Value>map(bias -> value.plus(scope.perChannel(bias, n))).orElse(value);
        Value shift = block.declare(scope.fresh("shift"), scope.perChannel(step.shifts(), n));
        Value mantissa = scope.perChannel(step.mantissas(), n).to(JvmType.LONG);
        Value scaled = switch (step.rounding()) {
            case DOUBLE -> twice(block, biased, mantissa, shift);
            case SINGLE -> {
                Value down = block.declare(scope.fresh("down"), Value.of(FixedPoint.BITS).minus(shift));
                yield shifted(biased.to(JvmType.LONG).times(mantissa).plus(half(down)), down);
            }
        };
        Value clamped = JavaMath.MAX_INT.of(Value.of(step.lowest() - step.zero()),
                JavaMath.MIN_INT.of(Value.of(step.highest() - step.zero()), scaled.to(JvmType.INT)));
        return clamped.plus(step.zero());
    }

    private Value twice(Block block, Value x, Value mantissa, Value shift) {
        int[] shifts = ((ConstantArray.Ints) program.constant(step.shifts())).values();
        boolean left = Arrays.stream(shifts).anyMatch(s -> s > 0);
        boolean always = Arrays.stream(shifts).allMatch(s -> s < 0);
        Value up = left ? x.shiftLeft(JavaMath.MAX_INT.of(shift, Value.of(0))) : x;
        Value high = block.declare(scope.fresh("high"), up.to(JvmType.LONG).times(mantissa)
                .plus(Value.of(1L << FixedPoint.BITS - 1)).shiftRight(FixedPoint.BITS));
        Value down = block.declare(scope.fresh("down"), always
                ? Value.of(0).minus(shift)
                : JavaMath.MAX_INT.of(Value.of(0).minus(shift), Value.of(0)));
        // Halves go away from zero: of a negative number one less is rounded, but where nothing is.
        Value sign = high.shiftRight(Long.SIZE - 1);
        Value away = always ? sign : sign.and(Value.of(0).minus(down).shiftRight(Integer.SIZE - 1).to(JvmType.LONG));
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
