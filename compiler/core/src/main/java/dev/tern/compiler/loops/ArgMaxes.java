package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Relation;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;

/** The place of the greatest value of each row. */
record ArgMaxes(ProgramScope owner, Kernel.ArgMax kernel) implements KernelGenerator {
    @Override
    public KernelRoutines routines() {
        RoutineScope scope = owner.routine(kernel, "row", "row");
        Block body = scope.body();
        BufferId input = kernel.input();
        Local start = body.declare("start", scope.get("row").times(kernel.channels()));
        Local index = body.declare("index", Value.of(0));
        Local greatest = body.declare("greatest", scope.loaded(input, start, kernel.elements()));
        body.loop("n", Value.of(1), Value.of(kernel.channels()), 1, (loop, n) -> {
            Local value = loop.declare("value", scope.loaded(input, start.plus(n), kernel.elements()));
            loop.when(value.is(Relation.GREATER, greatest), found -> {
                found.assign(greatest, value);
                found.assign(index, n);
            });
        });
        body.store(scope.element(kernel.output(), scope.get("row")), index);
        return KernelRoutines.eachRow(owner, kernel, kernel.rows(), scope.end());
    }
}
