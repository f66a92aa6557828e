package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Pools one-bit codes as words: the greatest of -1 and +1, or of 0 and 1, is the OR of their bits. Applies where the
 * pooled codes are only wanted packed; the kernel that makes the codes then packs them itself. A flattened output has
 * the same words as one of rows where the channels fill words.
 */
public final class UseOrPool implements KernelPass {
    @Override
    public String summary() {
        return "pool one-bit codes by the or of their words";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        KernelProgram current = program;
        for (int i = 0; i < current.kernels().size(); i++) {
            current = pooled(current, i).orElse(current);
        }
        return current;
    }

    private static Optional<KernelProgram> pooled(KernelProgram program, int index) {
        if (!(program.kernels().get(index) instanceof Kernel.PixelKernel kernel)
                || !(kernel.producer() instanceof Producer.Pool pool) || pool.kind() != Producer.PoolKind.MAX
                || pool.code() == null || pool.code().bits() != 1 || kernel.epilogue().size() != 1
                || !(kernel.epilogue().getFirst() instanceof Step.StorePlanes store) || store.flattened() && pool
                        .channels() % Long.SIZE != 0) {
            return Optional.empty();
        }
        OptionalInt maker = LastStore.of(program, program.kernels(), index, pool.input(), KernelAccess::of);
        if (maker.isEmpty()) {
            return Optional.empty();
        }
        Kernel.PixelKernel making = (Kernel.PixelKernel) program.kernels().get(maker.getAsInt());
        Layout layout = new Layout.Planes(pool.window().inputHeight() * pool.window().inputWidth(), pool.channels(),
                pool.code());
        if (making.producer().rows() != layout.rows() || making.producer().channels() != layout.channels()) {
            return Optional.empty();
        }
        List<Buffer> buffers = new ArrayList<>(program.buffers());
        BufferId packed = new BufferId(buffers.size());
        buffers.add(new Buffer(packed, program.buffer(pool.input()).name() + " packed", Bank.I64, layout, -1,
                Buffer.Role.VALUE));
        List<Kernel> kernels = new ArrayList<>(program.kernels());
        kernels.set(maker.getAsInt(), making.followedBy(new Step.StorePlanes(packed, false)));
        kernels.set(index, new Kernel.OrPool(kernel.name(), kernel.origin(), packed, pool.window(), pool.channels(),
                store.output()));
        return Optional.of(program.withBuffers(buffers).withKernels(kernels));
    }
}
