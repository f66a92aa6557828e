package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.KernelRenaming;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
        return renumbered(program, kernels);
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

    private static KernelProgram renumbered(KernelProgram program, List<Kernel> kernels) {
        Set<BufferId> usedBuffers = new HashSet<>();
        Set<ConstantId> usedConstants = new HashSet<>();
        for (Kernel kernel : kernels) {
            KernelAccess access = KernelAccess.of(kernel);
            usedBuffers.addAll(access.reads());
            usedBuffers.addAll(access.writes());
            usedBuffers.addAll(access.scratch());
            usedConstants.addAll(access.constants());
        }
        program.inputs().forEach(port -> usedBuffers.add(port.buffer()));
        program.outputs().forEach(port -> usedBuffers.add(port.buffer()));
        if (kernels.equals(program.kernels()) && usedBuffers.size() == program.buffers().size()
                && usedConstants.size() == program.constants().size()) {
            return program;
        }
        Map<BufferId, BufferId> newBuffers = new HashMap<>();
        List<Buffer> buffers = new ArrayList<>();
        for (Buffer b : program.buffers()) {
            if (usedBuffers.contains(b.id())) {
                BufferId id = new BufferId(buffers.size());
                newBuffers.put(b.id(), id);
                buffers.add(new Buffer(id, b.name(), b.bank(), b.layout(), b.offset(), b.role()));
            }
        }
        Map<ConstantId, ConstantId> newConstants = new HashMap<>();
        List<ConstantArray> constants = new ArrayList<>();
        for (int i = 0; i < program.constants().size(); i++) {
            if (usedConstants.contains(new ConstantId(i))) {
                newConstants.put(new ConstantId(i), new ConstantId(constants.size()));
                constants.add(program.constants().get(i));
            }
        }
        KernelRenaming renaming = new KernelRenaming(newBuffers::get, newConstants::get);
        return new KernelProgram(program.name(), program.documentation(), program.source(), buffers, constants,
                kernels.stream().map(renaming::of).toList(), program.inputs().stream().map(renaming::of).toList(),
                program.outputs().stream().map(renaming::of).toList(), program.budget(), program.target());
    }
}
