package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelPrinter;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.KernelRenaming;
import dev.tern.compiler.kernel.KernelVerifier;
import dev.tern.compiler.pipeline.Representation;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Kernel programs as the driver of passes sees them. */
public final class KernelRepresentation implements Representation<KernelProgram> {
    @Override
    public List<String> verify(KernelProgram program) {
        return KernelVerifier.verify(program);
    }

    @Override
    public String print(KernelProgram program) {
        return KernelPrinter.print(program);
    }

    /** A kernel keeps its name through all passes; one that only got other numbers is not changed. */
    @Override
    public KernelProgram markChanges(KernelProgram before, KernelProgram after, String pass) {
        Map<String, Kernel> old = before.kernels().stream().collect(Collectors.toMap(Kernel::name, Function
                .identity()));
        return after.withKernels(after.kernels().stream().map(kernel -> {
            Kernel was = old.get(kernel.name());
            return was != null && anonymous(was).equals(anonymous(kernel))
                    ? kernel
                    : kernel.withOrigin(kernel.origin().changedBy(pass));
        }).toList());
    }

    /** The kernel with all numbers equal, so that a renumbering does not show. */
    private static Kernel anonymous(Kernel kernel) {
        return new KernelRenaming(id -> new BufferId(0),
                id -> new ConstantId(0)).of(kernel);
    }
}
