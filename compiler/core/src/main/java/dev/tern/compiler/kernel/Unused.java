package dev.tern.compiler.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Buffers and constants that nothing names. */
public final class Unused {
    private Unused() {
    }

    /** The program without what neither a kernel nor a port names; what stays is numbered anew. */
    public static KernelProgram removed(KernelProgram program) {
        Set<BufferId> usedBuffers = new HashSet<>();
        Set<ConstantId> usedConstants = new HashSet<>();
        for (Kernel kernel : program.kernels()) {
            KernelAccess access = KernelAccess.of(kernel);
            usedBuffers.addAll(access.reads());
            usedBuffers.addAll(access.writes());
            usedBuffers.addAll(access.scratch());
            usedConstants.addAll(access.constants());
        }
        program.inputs().forEach(port -> usedBuffers.add(port.buffer()));
        program.outputs().forEach(port -> usedBuffers.add(port.buffer()));
        if (usedBuffers.size() == program.buffers().size() && usedConstants.size() == program.constants().size()) {
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
                program.kernels().stream().map(renaming::of).toList(),
                program.inputs().stream().map(renaming::of).toList(),
                program.outputs().stream().map(renaming::of).toList(), program.budget(), program.target());
    }
}
