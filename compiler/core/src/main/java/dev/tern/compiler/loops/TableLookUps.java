package dev.tern.compiler.loops;

import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.kernel.Kernel;

/** A row of a table, named by a time step. */
record TableLookUps(ProgramScope owner, Kernel.TableLookUp kernel) implements KernelGenerator {
    @Override
    public KernelRoutines routines() {
        RoutineScope scope = owner.routine(kernel, "");
        Block body = scope.body();
        if (kernel.count() == 1) {
            body.store(scope.element(kernel.output(), 0),
                    scope.constant(kernel.table()).at(scope.element(kernel.input(), 0)));
        } else {
            Local start = body.declare("start", scope.element(kernel.input(), 0).times(kernel.count()));
            body.loop("n", 0, kernel.count(), (loop, n) -> loop.store(scope.element(kernel.output(), n),
                    scope.constant(kernel.table()).at(start.plus(n))));
        }
        return KernelRoutines.undivided(scope.end());
    }
}
