package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Unused;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes away stores that nobody reads, the steps and kernels that only served them, and the buffers and constants that
 * no kernel names any more; what stays is numbered anew.
 */
public final class EliminateDeadStores implements KernelPass {
    @Override
    public String summary() {
        return "remove stores, kernels, buffers and constants that nothing reads";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        List<Kernel> kernels = live(program);
        return Unused.removed(kernels.equals(program.kernels()) ? program : program.withKernels(kernels));
    }

    private static List<Kernel> live(KernelProgram program) {
        Set<BufferId> read = new HashSet<>();
        program.outputs().forEach(port -> read.add(port.buffer()));
        List<Kernel> live = new ArrayList<>();
        // Readers follow writers, so one walk from the end finds them all.
        for (Kernel kernel : program.kernels().reversed()) {
            trimmed(kernel, read).ifPresent(rest -> {
                live.add(rest);
                read.addAll(KernelAccess.of(rest).reads());
            });
        }
        return live.reversed();
    }

    /** What of a kernel is needed. */
    private static Optional<Kernel> trimmed(Kernel kernel, Set<BufferId> read) {
        if (kernel instanceof Kernel.PixelKernel pixel) {
            return pixel.storing(read::contains).map(Kernel.class::cast);
        }
        if (kernel instanceof Kernel.DeriveScale derive) {
            Optional<BufferId> scale = derive.scale().filter(read::contains);
            Optional<BufferId> zero = derive.zero().filter(read::contains);
            return scale.isEmpty() && zero.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Kernel.DeriveScale(derive.name(), derive.origin(), derive.ranges(),
                            derive.count(), derive.grid(), scale, zero));
        }
        return KernelAccess.of(kernel).writes().stream().anyMatch(read::contains)
                ? Optional.of(kernel)
                : Optional.empty();
    }
}
