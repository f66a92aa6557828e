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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        Map<Integer, Buffer> kept = new HashMap<>();
        for (int i = 0; i < kernels.places(); i++) {
            if (kernels.at(i) instanceof Kernel.MeasureRange measure && !measure.perRow()) {
                OptionalInt maker = LastStore.of(program, kernels, i, measure.input());
                if (maker.isPresent() && kernels.at(maker.getAsInt()) instanceof PixelKernel making
                        && making.rectified()) {
                    int unit = RowUnits.of(making);
                    int width = Math.min(program.target().lanes(), Integer.highestOneBit(making.producer().channels()));
                    if (unit * making.producer().channels() >= FEWER * width) {
                        Layout.Plain layout = new Layout.Plain((making.producer().rows() + unit - 1) / unit, width);
                        // Of two who ask for the range of one value both are told by the same peaks.
                        Buffer peaks = kept.computeIfAbsent(maker.getAsInt(), index -> keep(buffers, kernels, index,
                                buffers.get(measure.input().index()).name(), layout, unit));
                        kernels.set(i, new Kernel.MeasureRange(measure.name(), measure.origin(), peaks.id(), layout
                                .rows(), layout.channels(), false, measure.output()));
                    }
                }
            }
        }
        return buffers.size() == program.buffers().size()
                ? program
                : program.withBuffers(buffers).withKernels(kernels.toList());
    }

    /** Has a kernel keep its peaks in a buffer of their own. */
    private static Buffer keep(List<Buffer> buffers, KernelSequence kernels, int maker, String value, Layout layout,
            int unit) {
        Buffer peaks = new Buffer(new BufferId(buffers.size()), value + " peaks", Bank.F32, layout, -1,
                Buffer.Role.VALUE);
        buffers.add(peaks);
        kernels.set(maker, ((PixelKernel) kernels.at(maker)).followedBy(new Step.Peaks(peaks.id(), unit)));
        return peaks;
    }
}
