package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.kernel.Kernel;

/** Powers of e, divided by their sum, of each row. */
record Softmaxes(ProgramScope owner, Kernel.Softmax kernel) implements KernelGenerator {
    @Override
    public KernelRoutines routines() {
        RoutineScope scope = owner.routine(kernel, "row", "row");
        Block body = scope.body();
        Local start = body.declare("start", scope.get("row").times(kernel.channels()));
        Local greatest = body.declare("greatest", Value.of(Float.NEGATIVE_INFINITY));
        body.loop("n", 0, kernel.channels(), (loop, n) -> loop.assign(greatest,
                MathFunction.MAX_FLOAT.of(greatest, scope.element(kernel.input(), start.plus(n)))));
        Local sum = body.declare("sum", Value.of(0.0));
        body.loop("n", 0, kernel.channels(), (loop, n) -> {
            Value below = scope.element(kernel.input(), start.plus(n)).minus(greatest);
            Local power = loop.declare("power", MathFunction.EXP.of(below.to(ValueType.DOUBLE)).to(ValueType.FLOAT));
            loop.store(scope.element(kernel.output(), start.plus(n)), power);
            loop.update(sum, Operator.ADD, power.to(ValueType.DOUBLE));
        });
        body.loop("n", 0, kernel.channels(), (loop, n) -> {
            Value.ArrayElement power = scope.element(kernel.output(), start.plus(n));
            loop.store(power, power.to(ValueType.DOUBLE).dividedBy(sum).to(ValueType.FLOAT));
        });
        return KernelRoutines.eachRow(owner, kernel, kernel.rows(), scope.end());
    }
}
