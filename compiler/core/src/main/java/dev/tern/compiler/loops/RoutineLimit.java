package dev.tern.compiler.loops;

import dev.tern.compiler.code.Routine;

/** How large a routine may be where its code is to run well: compilers give up on large ones. */
public interface RoutineLimit {
    /** @param share of that size, at most 1 */
    boolean holds(Routine routine, double share);
}
