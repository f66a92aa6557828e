package dev.tern.compiler.loops;

import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel;
import java.util.Optional;

/**
 * How a kernel is run.
 *
 * @param whole a routine that runs all of it
 * @param part a routine of {@code from} and {@code to} that runs some of its units of work; absent where they cannot
 * run
 *        on several threads at the same time, or there is one
 * @param units how many there are
 */
public record KernelRoutines(Callee whole, Optional<Callee> part, int units) {
    /** Of a kernel that cannot be divided. */
    static KernelRoutines undivided(Callee whole) {
        return new KernelRoutines(whole, Optional.empty(), 1);
    }

    /** Of a kernel that one call of its part runs. */
    static KernelRoutines divided(ProgramScope owner, Kernel kernel, Callee part, int units) {
        RoutineScope scope = owner.routine(kernel, "");
        scope.body().call(scope.call(part, Value.of(0), Value.of(units)));
        return new KernelRoutines(scope.end(), Optional.of(part).filter(p -> units > 1), units);
    }

    /** Of a kernel whose rows are computed by a routine of {@code row}. */
    static KernelRoutines eachRow(ProgramScope owner, Kernel kernel, int rows, Callee row) {
        if (rows == 1) {
            RoutineScope scope = owner.routine(kernel, "");
            scope.body().call(scope.call(row, Value.of(0)));
            return undivided(scope.end());
        }
        RoutineScope scope = owner.routine(kernel, "rows", "from", "to");
        scope.body().loop("row", scope.get("from"), scope.get("to"), 1,
                (loop, number) -> loop.call(scope.call(row, number)));
        return divided(owner, kernel, scope.end(), rows);
    }
}
