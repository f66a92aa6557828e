package dev.tern.compiler.loops;

import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The arrays that a kernel touches, which all its routines take.
 *
 * @param arena those of the arena
 * @param outside the inputs and outputs that lie outside of it, in the program's order
 */
public record KernelArrays(Set<ArenaArray> arena, List<BufferId> outside) {
    public static final KernelArrays NONE = new KernelArrays(Set.of(), List.of());

    /** @param ports what {@link KernelProgram#outside} gives */
    public static KernelArrays of(KernelProgram program, List<BufferId> ports, Kernel kernel) {
        KernelAccess access = KernelAccess.of(kernel);
        Set<ArenaArray> arena = EnumSet.noneOf(ArenaArray.class);
        List<BufferId> outside = new ArrayList<>(ports);
        List<BufferId> touched = new ArrayList<>(access.reads());
        touched.addAll(access.writes());
        touched.addAll(access.scratch());
        touched.stream().filter(id -> !outside.contains(id)).map(program::buffer).map(ArenaArray::of)
                .forEach(arena::add);
        outside.retainAll(touched);
        return new KernelArrays(arena, outside);
    }
}
