package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.pack.Packing;

/**
 * Makes of products, which multiply, what their schedules ask for: bit planes and popcounts, or tables and look-ups.
 * The codes that such a product reads are packed, or made tables of, by a kernel before it, which those that read the
 * same codes share. Brings thresholds into the order in which the target's code reads them.
 */
public final class PackWeights implements KernelPass {
    @Override
    public String summary() {
        return "lay weights and thresholds out as the schedules ask for, pack the codes of products";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        return Packing.of(program);
    }
}
