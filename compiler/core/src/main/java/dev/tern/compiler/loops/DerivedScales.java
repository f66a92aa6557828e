package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.meaning.RangeArithmetic;
import dev.tern.compiler.kernel.Kernel;

/** Scales and zero points of measured ranges. */
record DerivedScales(ProgramScope owner, Kernel.DeriveScale kernel) implements KernelGenerator {
    @Override
    public KernelRoutines routines() {
        RoutineScope scope = owner.routine(kernel, "row", "row");
        Block body = scope.body();
        Value pair = scope.get("row").shiftLeft(1);
        Local low = body.declare("low", scope.element(kernel.ranges(), pair));
        Local high = body.declare("high", scope.element(kernel.ranges(), pair.plus(1)));
        ValueArithmetic f32 = ValueArithmetic.f32(value -> body.declare("step", value));
        Local scale = body.declare("scale", RangeArithmetic.scale(kernel.grid(), f32, low, high));
        kernel.scale().ifPresent(output -> body.store(scope.element(output, scope.get("row")), scale));
        kernel.zero().ifPresent(output -> {
            ElementType.Code code = kernel.grid().code();
            Value zero = RangeArithmetic.unroundedZero(f32, low, scale);
            Value rounded = MathFunction.RINT.of(zero.to(ValueType.DOUBLE)).to(ValueType.INT);
            Value clamped = MathFunction.MAX_INT.of(Value.of(code.lowest()),
                    MathFunction.MIN_INT.of(Value.of(code.highest()), rounded));
            body.store(scope.element(output, scope.get("row")), clamped);
        });
        return KernelRoutines.eachRow(owner, kernel, kernel.count(), scope.end());
    }
}
