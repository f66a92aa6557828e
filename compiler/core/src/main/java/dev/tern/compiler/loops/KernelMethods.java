package dev.tern.compiler.loops;

import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.Value;
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
public record KernelMethods(Callee whole, Optional<Callee> part, int units) {
    /** Of a kernel that cannot be divided. */
    static KernelMethods undivided(Callee whole) {
        return new KernelMethods(whole, Optional.empty(), 1);
    }

    /** Of a kernel that one call of its part runs. */
    static KernelMethods divided(ClassScope owner, Kernel kernel, Callee part, int units) {
        MethodScope scope = owner.method(kernel, "");
        scope.body().call(scope.call(part, Value.of(0), Value.of(units)));
        return new KernelMethods(scope.end(), Optional.of(part).filter(p -> units > 1), units);
    }
}
