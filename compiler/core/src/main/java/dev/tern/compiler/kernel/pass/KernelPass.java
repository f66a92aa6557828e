package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.pipeline.Pass;

/** A pass over the kernel program. */
public interface KernelPass extends Pass<KernelProgram> {
}
