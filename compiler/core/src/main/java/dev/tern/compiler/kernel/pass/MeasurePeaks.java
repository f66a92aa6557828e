package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.Kernel.PixelKernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Layout;
import dev.tern.compiler.kernel.RowUnits;
import dev.tern.compiler.kernel.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Measures the range of what a product's relu gives while vectors of it are in registers: none of it is below 0, so
 * that the greatest is all a scale asks for, and each few rows' greatest is kept. Only these are then gone through.
 */
public final class MeasurePeaks implements KernelPass {
    /** So many values have one peak at least: it takes time to keep, too. */
    private static final int FEWER = 4;

    @Override
    public String summary() {
        return "keep the greatest values of rectified products as these are computed, for their ranges";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        if (!program.target().vector()) {
            return program;
        }
        List<Buffer> buffers = new ArrayList<>(program.buffers());
        KernelSequence kernels = new KernelSequence(program.kernels());
        for (int i = 0; i < kernels.places(); i++) {
            if (kernels.at(i) instanceof Kernel.MeasureRange measure && !measure.perRow()) {
                OptionalInt maker = LastStore.of(program, kernels, i, measure.input());
                if (maker.isPresent() && kernels.at(maker.getAsInt()) instanceof PixelKernel making
                        && making.rectified()) {
                    int unit = RowUnits.of(making);
                    int width = Math.min(program.target().lanes(), Integer.highestOneBit(making.producer().channels()));
                    if (unit * making.producer().channels() >= FEWER * width) {
                        keep(buffers, kernels, maker.getAsInt(), i, new Layout.Plain((making.producer().rows() + unit
                                - 1) / unit, width), unit);
                    }
                }
            }
        }
        return buffers.size() == program.buffers().size()
                ? program
                : program.withBuffers(buffers).withKernels(kernels.toList());
    }

    private static void keep(List<Buffer> buffers, KernelSequence kernels, int maker, int index, Layout layout,
            int unit) {
        PixelKernel making = (PixelKernel) kernels.at(maker);
        Kernel.MeasureRange measure = (Kernel.MeasureRange) kernels.at(index);
        BufferId peaks = new BufferId(buffers.size());
        buffers.add(new Buffer(peaks, buffers.get(measure.input().index()).name() + " peaks", Bank.F32,
                layout, -1, Buffer.Role.VALUE));
        kernels.set(maker, making.followedBy(new Step.Peaks(peaks, unit)));
        kernels.set(index, new Kernel.MeasureRange(measure.name(), measure.origin(), peaks, layout.rows(), layout
                .channels(), false,
                measure.output()));
    }
}
