package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel;

/** Rows of a table, named by a time step or by indices. */
record TableLookUps(ProgramScope owner, Kernel.TableLookUp kernel) implements KernelGenerator {
    @Override
    public KernelRoutines routines() {
        RoutineScope scope = owner.routine(kernel, "");
        Block body = scope.body();
        if (kernel.rows() == 1) {
            entry(scope, body, Value.of(0));
        } else {
            body.loop("row", 0, kernel.rows(), (loop, row) -> entry(scope, loop, row));
        }
        return KernelRoutines.undivided(scope.end());
    }

    private void entry(RoutineScope scope, Block block, Value row) {
        Value index = scope.element(kernel.input(), row);
        if (kernel.count() == 1) {
            block.store(scope.element(kernel.output(), row), scope.constant(kernel.table()).at(index));
            return;
        }
        Local start = block.declare("start", index.times(kernel.count()));
        Local to = block.declare("to", row.times(kernel.count()));
        block.loop("n", 0, kernel.count(), (loop, n) -> loop.store(scope.element(kernel.output(), to.plus(n)),
                scope.constant(kernel.table()).at(start.plus(n))));
    }
}
