package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Grid;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the greatest magnitude where that is all that becomes of a range, which plain loops find in one pass rather
 * than two. With vectors the lowest and the highest come from the same loads.
 */
public final class MeasureMagnitudes implements KernelPass {
    @Override
    public String summary() {
        return "measure the greatest magnitude where no more is asked of a range";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        if (program.target().vector() || !program.target().vectorized()) {
            return program;
        }
        List<Kernel> kernels = new ArrayList<>();
        KernelSequence sequence = new KernelSequence(program.kernels());
        for (Kernel kernel : program.kernels()) {
            kernels.add(kernel instanceof Kernel.MeasureRange measure && sequence.readers(measure.output()).stream()
                    .allMatch(reader -> sequence.at(reader) instanceof Kernel.DeriveScale derive
                            && derive.grid().rule() == Grid.Rule.ABSMAX && derive.zero().isEmpty())
                                    ? measure.ofMagnitudes()
                                    : kernel);
        }
        return kernels.equals(program.kernels()) ? program : program.withKernels(kernels);
    }
}
