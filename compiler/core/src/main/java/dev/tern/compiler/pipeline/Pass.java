package dev.tern.compiler.pipeline;

import dev.tern.compiler.diagnostics.Diagnostics;

/**
 * One step from program to program that keeps what is computed, bit for bit.
 *
 * @param <P> the representation
 */
public interface Pass<P> {
    /** A verb with its object; the class's name unless overridden. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** What it does, in one line with no full stop. */
    String summary();

    /**
     * The program after the pass; the same one where there is nothing to do.
     *
     * @param diagnostics what the pass finds wrong with the user's model; errors end the compilation after the pass
     */
    P apply(P program, Diagnostics diagnostics);
}
