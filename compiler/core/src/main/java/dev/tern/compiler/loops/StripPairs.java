package dev.tern.compiler.loops;

import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel;
import java.util.Optional;

/**
 * Strip after strip: the lines that a line of the pool is made of, then that line. What lies between is small enough to
 * stay in the first-level cache, and each thread has its own.
 */
record StripPairs(ProgramScope owner, Kernel.PoolByStrips kernel, RowsGenerator first,
        RowsGenerator second) implements KernelGenerator {
    @Override
    public KernelRoutines routines() {
        KernelArrays secondArrays = owner.arrays(kernel.second());
        Callee part = strips();
        RoutineScope scope = owner.routine(kernel, "");
        second.beginnings().forEach(beginning -> scope.body().call(scope.call(secondArrays, beginning)));
        scope.body().call(scope.call(part, Value.of(0), Value.of(kernel.strips())));
        return new KernelRoutines(scope.end(), Optional.of(part).filter(p -> second.rowsAreApart()), kernel.strips());
    }

    /** A routine of {@code from} and {@code to}: some strips. */
    private Callee strips() {
        Callee firstRows = first.someRows(kernel.stripRows());
        Callee secondRows = second.someRows(kernel.second().producer().rows() / kernel.strips());
        KernelArrays firstArrays = owner.arrays(kernel.first());
        KernelArrays secondArrays = owner.arrays(kernel.second());
        RoutineScope scope = owner.routine(kernel, "strips", "from", "to");
        scope.body().loop("strip", scope.get("from"), scope.get("to"), 1, (loop, strip) -> {
            Local next = loop.declare("next", strip.plus(1));
            loop.call(scope.call(firstArrays, firstRows, strip, next));
            loop.call(scope.call(secondArrays, secondRows, strip, next));
        });
        return scope.end();
    }
}
