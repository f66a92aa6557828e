package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.cost.ProductCosts;
import java.util.List;

/** Decides how each product is computed, among what is possible on the program's target. */
public final class ChooseSchedules implements KernelPass {
    private final CostModel.Choice choice;

    public ChooseSchedules(CostModel.Choice choice) {
        this.choice = choice;
    }

    @Override
    public String summary() {
        return "choose how each product is computed, by measurements or by the cost model";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        List<Kernel> kernels = program.kernels().stream().map(kernel -> scheduled(program, kernel)).toList();
        return program.withKernels(kernels);
    }

    private Kernel scheduled(KernelProgram program, Kernel kernel) {
        return kernel instanceof Kernel.PixelKernel pixel
                ? ProductCosts.shape(program, pixel).<Kernel>map(shape -> pixel.withSchedule(choice.of(
                        pixel.origin().path(), shape, CostModel.candidates(shape, program.target())))).orElse(pixel)
                : kernel;
    }
}
