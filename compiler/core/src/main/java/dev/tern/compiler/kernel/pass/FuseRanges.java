package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Measures the range of a tensor while it is computed: the kernel that makes it keeps the lowest and highest value of
 * each channel, and what is left to measure is the range of these. That lets the tensor itself go unstored, and is no
 * faster than a run of its own through memory, so it is done where the ram budget asks for it.
 */
public final class FuseRanges implements KernelPass {
    @Override
    public String summary() {
        return "measure ranges in the kernels that make the values, where the ram budget asks for it";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        if (!MemoryNeed.overBudget(program)) {
            return program;
        }
        List<Buffer> buffers = new ArrayList<>(program.buffers());
        KernelSequence kernels = new KernelSequence(program.kernels());
        for (int i = 0; i < kernels.places(); i++) {
            if (kernels.at(i) instanceof Kernel.MeasureRange measure && !measure.perRow()) {
                OptionalInt maker = LastStore.of(program, kernels, i, measure.input());
                if (maker.isPresent()) {
                    fuse(buffers, kernels, maker.getAsInt(), i, measure);
                }
            }
        }
        return buffers.size() == program.buffers().size()
                ? program
                : program.withBuffers(buffers).withKernels(kernels.toList());
    }

    private static void fuse(List<Buffer> buffers, KernelSequence kernels, int maker, int index,
            Kernel.MeasureRange measure) {
        Kernel.PixelKernel making = (Kernel.PixelKernel) kernels.at(maker);
        int channels = making.producer().channels();
        if (making.producer().rows() == 1) {
            // One value a channel: keeping it twice saves nothing.
            return;
        }
        BufferId ranges = new BufferId(buffers.size());
        buffers.add(new Buffer(ranges, buffers.get(measure.input().index()).name() + " ranges", Bank.F32,
                new Layout.Plain(2, channels), -1, Buffer.Role.VALUE));
        kernels.set(maker, making.followedBy(new Step.Fold(Step.FoldKind.RANGE, ranges)));
        kernels.set(index, new Kernel.MeasureRange(measure.name(), measure.origin(), ranges, 2, channels, false,
                measure.output()));
    }
}
