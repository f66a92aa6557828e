package dev.tern.compiler.kernel;

import java.util.function.UnaryOperator;

/** Rewrites the ids in kernels; every id is looked up, so that tables of a program can be renumbered. */
public record KernelRenaming(UnaryOperator<BufferId> buffers, UnaryOperator<ConstantId> constants)
        implements
            KernelIds {
    @Override
    public BufferId read(BufferId id) {
        return buffers.apply(id);
    }

    @Override
    public BufferId write(BufferId id) {
        return buffers.apply(id);
    }

    @Override
    public BufferId scratch(BufferId id) {
        return buffers.apply(id);
    }

    @Override
    public ConstantId constant(ConstantId id) {
        return constants.apply(id);
    }

    public KernelProgram.Port of(KernelProgram.Port port) {
        return new KernelProgram.Port(port.name(), buffers.apply(port.buffer()), port.element(), port.shape(),
                port.labels());
    }

    public Kernel of(Kernel kernel) {
        return kernel.map(this);
    }
}
