package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Pools while there is something to pool: where nobody but a pool wants what a kernel makes, and the pool's windows lie
 * under one another, the kernel makes the lines that one line of the pool needs, these are pooled, and the next ones
 * take their place. Of an image there is then a strip in memory, a few lines instead of all; the work is the same.
 */
public final class PoolInStrips implements KernelPass {
    @Override
    public String summary() {
        return "keep of what is pooled only the lines that one line of the pool needs";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        List<Buffer> buffers = new ArrayList<>(program.buffers());
        KernelSequence kernels = new KernelSequence(program.kernels());
        boolean changed = false;
        for (int place = 0; place < kernels.places(); place++) {
            changed |= kernels.at(place) instanceof PixelKernel pooling
                    && pooling.producer() instanceof Producer.Pool pool && join(kernels, buffers, place, pooling, pool);
        }
        return changed ? program.withBuffers(buffers).withKernels(kernels.toList()) : program;
    }

    private static boolean join(KernelSequence kernels, List<Buffer> buffers, int place, PixelKernel pooling,
            Producer.Pool pool) {
        Buffer whole = buffers.get(pool.input().index());
        if (whole.role() != Buffer.Role.VALUE || !pool.window().stacked() || pool.window().outputHeight() < 2
                || kernels.writers(whole.id()).size() != 1 || kernels.readers(whole.id()).size() != 1
                || KernelAccess.of(pooling).reads().stream().filter(whole.id()::equals).count() != 1) {
            return false;
        }
        int writer = kernels.writers(whole.id()).first();
        if (!(kernels.at(writer) instanceof PixelKernel making)
                || !storesAlone(making, whole.id(), pool.channels())
                // It computes more lines together than a strip has.
                || making.severalLines()
                || making.producer().rows() != pool.window().inputHeight() * pool.window().inputWidth()
                || making.producer().channels() != pool.channels()) {
            return false;
        }
        Kernel.PoolByStrips joined = new Kernel.PoolByStrips(making, pooling);
        kernels.remove(writer);
        kernels.set(place, joined);
        buffers.set(whole.id().index(), new Buffer(whole.id(), whole.name(), whole.bank(),
                new Layout.Plain(joined.stripRows(), pool.channels()), -1, Buffer.Role.SCRATCH));
        return true;
    }

    /** Whether a kernel stores whole rows, one after the other, and nothing else. */
    private static boolean storesAlone(PixelKernel kernel, BufferId buffer, int channels) {
        return KernelAccess.of(kernel).writes().equals(List.of(buffer))
                && kernel.epilogue().getLast() instanceof Step.StorePlain(BufferId output, int stride, int offset)
                && output.equals(buffer) && stride == channels && offset == 0;
    }
}
