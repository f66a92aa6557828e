package dev.tern.compiler.kernel;

/**
 * What becomes of the ids that a kernel names, by what the kernel does with them. The one way through kernels,
 * producers and steps: to number their buffers and constants anew, or to see what they touch.
 */
public interface KernelIds {
    /** A buffer that is read. */
    BufferId read(BufferId id);

    /** A buffer that is written. */
    BufferId write(BufferId id);

    /** A buffer that holds nothing before or after. */
    BufferId scratch(BufferId id);

    ConstantId constant(ConstantId id);
}
