package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Producer;
import dev.tern.compiler.kernel.schedule.KernelSchedule;

/** Gives every product the schedule that is fastest for its depth. */
public final class ChooseSchedules implements KernelPass {
    @Override
    public String summary() {
        return "choose how many words or products a pass along the output channels takes";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        return program.withKernels(program.kernels().stream().map(ChooseSchedules::scheduled).toList());
    }

    private static Kernel scheduled(Kernel kernel) {
        if (!(kernel instanceof Kernel.PixelKernel pixel)) {
            return kernel;
        }
        KernelSchedule schedule = switch (pixel.producer()) {
            case Producer.PopcountProduct product -> KernelSchedule.forDepth(product.words());
            case Producer.LookUpProduct product -> pixel.schedule();
            case Producer.MultiplyProduct product ->
                KernelSchedule.forDepth(product.window().geometry().taps() * product.inputChannels()
                        / product.groups());
            case Producer.Load load -> pixel.schedule();
            case Producer.LoadConstant load -> pixel.schedule();
            case Producer.Pool pool -> pixel.schedule();
        };
        return new Kernel.PixelKernel(pixel.name(), pixel.origin(), pixel.producer(), pixel.epilogue(), schedule);
    }
}
