package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.target.Word;
import java.util.ArrayList;
import java.util.List;
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
        List<Buffer> buffers = new ArrayList<>(program.buffers());
        KernelSequence kernels = new KernelSequence(program.kernels());
        for (int i = 0; i < kernels.places(); i++) {
            if (kernels.at(i) instanceof Kernel.PixelKernel kernel
                    && kernel.producer() instanceof Producer.Pool pool && pool.kind() == Producer.PoolKind.MAX
                    && pool.elements().coded() && pool.code().bits() == 1 && kernel.epilogue().size() == 1
                    && kernel.epilogue().getFirst() instanceof Step.StorePlanes store
                    && (!store.flattened() || pool.channels() % program.target().word().bits() == 0)) {
                OptionalInt maker = LastStore.of(program, kernels, i, pool.input());
                if (maker.isPresent()) {
                    fuse(program.target().word(), buffers, kernels, maker.getAsInt(), i, pool, store);
                }
            }
        }
        return buffers.size() == program.buffers().size()
                ? program
                : program.withBuffers(buffers).withKernels(kernels.toList());
    }

    private static void fuse(Word word, List<Buffer> buffers, KernelSequence kernels, int maker, int index,
            Producer.Pool pool,
            Step.StorePlanes store) {
        Kernel.PixelKernel making = (Kernel.PixelKernel) kernels.at(maker);
        Kernel pooling = kernels.at(index);
        Layout layout = new Layout.Planes(pool.window().inputHeight() * pool.window().inputWidth(), pool.channels(),
                pool.code(), word);
        if (making.producer().rows() != layout.rows() || making.producer().channels() != layout.channels()) {
            return;
        }
        BufferId packed = new BufferId(buffers.size());
        buffers.add(new Buffer(packed, buffers.get(pool.input().index()).name() + " packed", Bank.of(word), layout, -1,
                Buffer.Role.VALUE));
        kernels.set(maker, making.followedBy(new Step.StorePlanes(packed, false)));
        kernels.set(index, new Kernel.OrPool(pooling.name(), pooling.origin(), packed, pool.window(),
                pool.channels(), store.output()));
    }
}
