package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.KernelProgram;

/**
 * Appends a kernel that only works on single elements to the kernel that computes them: the value goes on to the next
 * steps while it is at hand. The store in between stays; {@link EliminateDeadStores} takes it away where nobody else
 * reads it.
 */
public final class FuseEpilogues implements KernelPass {
    @Override
    public String summary() {
        return "append elementwise kernels to the kernels that produce their operand";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        return new EpilogueFusion(program, consumer -> !EpilogueFusion.onlyPacks(consumer)).run();
    }
}
