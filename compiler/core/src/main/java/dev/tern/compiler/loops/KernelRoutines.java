package dev.tern.compiler.loops;

import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.kernel.Kernel;
import java.util.Optional;

/**
 * How a kernel is run.
 *
 * @param whole a method that runs all of it
 * @param part a method of {@code from} and {@code to} that runs some of its units of work; absent where they cannot run
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
        RoutineScope scope = owner.method(kernel, "");
        scope.body().call(scope.call(part, Value.of(0), Value.of(units)));
        return new KernelRoutines(scope.end(), Optional.of(part).filter(p -> units > 1), units);
    }
}
