package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.KernelProgram;

/** A step from kernel program to kernel program that keeps what is computed, bit for bit. */
public interface KernelPass {
    /** A verb with its object. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** What it does, in one line with no full stop. */
    String summary();

    /** The program after the pass; the same one where there is nothing to do. */
    KernelProgram apply(KernelProgram program, Diagnostics diagnostics);
}
