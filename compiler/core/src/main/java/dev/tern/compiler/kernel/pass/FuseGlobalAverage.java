package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.kernel.ValueKind;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Sums what a global average pool averages while it is computed, row by row, which is the order that the average is
 * defined by; what is left of the pool is the division. Done where the ram budget asks for it, like
 * {@link FuseRanges}, and for small JVMs, where no vectors are there to make a pool of its own faster.
 */
public final class FuseGlobalAverage implements KernelPass {
    @Override
    public String summary() {
        return "sum for global average pools in the kernels that make the values, where memory is short";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        if (!program.target().edge() && !MemoryNeed.overBudget(program)) {
            return program;
        }
        List<Buffer> buffers = new ArrayList<>(program.buffers());
        KernelSequence kernels = new KernelSequence(program.kernels());
        for (int i = 0; i < kernels.places(); i++) {
            if (kernels.at(i) instanceof Kernel.PixelKernel kernel && kernel.producer() instanceof Producer.Pool pool
                    && summed(pool) && global(pool.window())) {
                OptionalInt maker = LastStore.of(program, kernels, i, pool.input());
                if (maker.isPresent()) {
                    fuse(buffers, kernels, maker.getAsInt(), i, pool);
                }
            }
        }
        return buffers.size() == program.buffers().size()
                ? program
                : program.withBuffers(buffers).withKernels(kernels.toList());
    }

    /** Of codes the pool itself needs no more memory. */
    private static boolean summed(Producer.Pool pool) {
        return switch (pool.kind()) {
            case AVERAGE -> true;
            case SUM -> pool.elements().equals(ValueKind.INT);
            case MAX -> false;
        };
    }

    private static boolean global(Window window) {
        return window.outputRows() == 1 && !window.geometry().padded()
                && window.geometry().kernelHeight() == window.inputHeight()
                && window.geometry().kernelWidth() == window.inputWidth();
    }

    private static void fuse(List<Buffer> buffers, KernelSequence kernels, int maker, int index, Producer.Pool pool) {
        Kernel.PixelKernel making = (Kernel.PixelKernel) kernels.at(maker);
        Kernel.PixelKernel pooling = (Kernel.PixelKernel) kernels.at(index);
        if (making.producer().channels() != pool.channels()) {
            return;
        }
        BufferId sums = new BufferId(buffers.size());
        boolean ints = pool.kind() == Producer.PoolKind.SUM;
        buffers.add(new Buffer(sums, buffers.get(pool.input().index()).name() + " sums", ints ? Bank.I32 : Bank.I64,
                new Layout.Plain(1, pool.channels()), -1, Buffer.Role.VALUE));
        kernels.set(maker, making.followedBy(new Step.Fold(ints ? Step.FoldKind.INT_SUM : Step.FoldKind.SUM, sums)));
        List<Step> epilogue = new ArrayList<>();
        if (!ints) {
            epilogue.add(new Step.Mean(pool.window().geometry().taps()));
        }
        epilogue.addAll(pooling.epilogue());
        kernels.set(index, new Kernel.PixelKernel(pooling.name(), pooling.origin(), new Producer.Load(sums,
                ints ? ValueKind.INT : ValueKind.SUM, 1, pool.channels()), epilogue, pooling.schedule()));
    }
}
