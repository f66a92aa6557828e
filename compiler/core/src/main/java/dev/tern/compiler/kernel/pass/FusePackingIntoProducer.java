package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.KernelProgram;

/**
 * Lets the kernel that makes codes write their bit planes itself. Where the quantizer's scale is known before the
 * codes' values are (static scales, signs, thresholds) that is the product's own epilogue; where it is measured, it is
 * the kernel that quantizes.
 */
public final class FusePackingIntoProducer implements KernelPass {
    @Override
    public String summary() {
        return "pack codes into bit planes in the kernel that makes them";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        return new EpilogueFusion(program, EpilogueFusion::onlyPacks).run();
    }
}
