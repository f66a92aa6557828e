package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Spends speed where a model's budget has no memory: where the second branch of a join adds to its values what the
 * first has left in f32, both are computed row by row, and the first leaves one row. The greatest such values go first,
 * until the budget is kept: one alone may win nothing where others share its memory at another time. Changes nothing
 * for a model without a ram budget, or within it.
 */
public final class JoinRowByRow implements KernelPass {
    /** Joins after each of which the memory is planned. */
    private static final int ROUNDS = 16;

    @Override
    public String summary() {
        return "compute both branches of a join row by row, where the ram budget asks for it";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        if (!MemoryNeed.overBudget(program)) {
            return program;
        }
        List<Buffer> greatestFirst = program.buffers().stream()
                .filter(buffer -> buffer.bank() == Bank.F32 && buffer.role() == Buffer.Role.VALUE)
                .sorted(Comparator.comparingLong(Buffer::bytes).reversed()).toList();
        KernelSequence kernels = new KernelSequence(program.kernels());
        List<Buffer> buffers = new ArrayList<>(program.buffers());
        int joined = 0;
        for (Buffer buffer : greatestFirst) {
            if (join(kernels, buffers, buffer)) {
                joined++;
                if (isLookedAt(joined) && !MemoryNeed.overBudget(with(program, buffers, kernels))) {
                    break;
                }
            }
        }
        return with(program, buffers, kernels);
    }

    private static KernelProgram with(KernelProgram program, List<Buffer> buffers, KernelSequence kernels) {
        return program.withBuffers(buffers).withKernels(kernels.toList());
    }

    /** Planning the memory is work for the whole program: of many joins not each is followed by it. */
    private static boolean isLookedAt(int joined) {
        return joined <= ROUNDS || Integer.bitCount(joined) == 1;
    }

    /** Leaves one row of a buffer, if one kernel writes it and another takes it row by row. */
    private static boolean join(KernelSequence kernels, List<Buffer> buffers, Buffer whole) {
        BufferId buffer = whole.id();
        if (kernels.writers(buffer).size() != 1 || kernels.readers(buffer).size() != 1) {
            return false;
        }
        int writer = kernels.writers(buffer).first();
        int reader = kernels.readers(buffer).first();
        if (!(kernels.at(writer) instanceof PixelKernel first) || !(kernels.at(reader) instanceof PixelKernel second)) {
            return false;
        }
        int channels = first.producer().channels();
        boolean apart = first.byRows() && second.byRows()
                && first.producer().rows() == second.producer().rows() && channels == second.producer().channels()
                && first.producer().rows() > 1 && storesAlone(first, buffer, channels)
                && readsByRows(second, buffer);
        if (!apart) {
            return false;
        }
        List<Step> stored = new ArrayList<>(first.epilogue());
        stored.set(stored.size() - 1, new Step.StorePlain(buffer, 0, 0));
        List<Step> taken = second.epilogue().stream().map(step -> reads(step, buffer)
                ? ofOneRow((Step.WithBuffer) step)
                : step).toList();
        kernels.remove(writer);
        kernels.set(reader, new Kernel.RowByRow(first.withEpilogue(stored), second.withEpilogue(taken)));
        buffers.set(buffer.index(), new Buffer(buffer, whole.name(), whole.bank(), new Layout.Plain(1, channels), -1,
                Buffer.Role.SCRATCH));
        return true;
    }

    /** Whether a kernel stores whole rows, one after the other, and nothing else. */
    private static boolean storesAlone(PixelKernel kernel, BufferId buffer, int channels) {
        return KernelAccess.of(kernel).writes().equals(List.of(buffer))
                && kernel.epilogue().getLast() instanceof Step.StorePlain(BufferId output, int stride, int offset)
                && output.equals(buffer) && stride == channels && offset == 0;
    }

    /** Whether a kernel reads of a buffer what stands at the row and channel that it is at. */
    private static boolean readsByRows(PixelKernel kernel, BufferId buffer) {
        long taken = kernel.epilogue().stream().filter(step -> reads(step, buffer)).count();
        return taken == KernelAccess.of(kernel).reads().stream().filter(buffer::equals).count();
    }

    private static boolean reads(Step step, BufferId buffer) {
        return step instanceof Step.WithBuffer with && with.other().equals(buffer)
                && with.spread() == Step.Spread.NONE;
    }

    private static Step ofOneRow(Step.WithBuffer step) {
        return new Step.WithBuffer(step.function(), step.other(), step.otherFirst(), Step.Spread.OVER_ROWS);
    }
}
