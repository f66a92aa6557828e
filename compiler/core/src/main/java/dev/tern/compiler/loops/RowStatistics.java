package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.kernel.Kernel;

/** The mean of each row, or of its squares. */
record RowStatistics(ProgramScope owner, Kernel.RowStatistic kernel) implements KernelGenerator {
    @Override
    public KernelRoutines routines() {
        RoutineScope scope = owner.routine(kernel, "row", "row");
        Block body = scope.body();
        Local start = body.declare("start", scope.get("row").times(kernel.channels()));
        Local sum = body.declare("sum", Value.of(0.0));
        body.loop("n", 0, kernel.channels(), (loop, n) -> {
            Local value = loop.declare("value", scope.element(kernel.input(), start.plus(n)).to(ValueType.DOUBLE));
            loop.update(sum, Operator.ADD, switch (kernel.statistic()) {
                case MEAN -> value;
                case MEAN_SQUARE -> value.times(value);
            });
        });
        body.store(scope.element(kernel.output(), scope.get("row")),
                sum.dividedBy(Value.of((double) kernel.channels())).to(ValueType.FLOAT));
        return KernelRoutines.eachRow(owner, kernel, kernel.rows(), scope.end());
    }
}
