package dev.tern.compiler.kernel;

import java.util.Arrays;
import java.util.List;

/**
 * When each buffer of a program holds something: from the index of the first kernel that touches it to that of the
 * last. Inputs are filled before kernel 0 (index -1), outputs are read after the last one (index = number of kernels).
 */
public final class Lifetimes {
    private final int[] first;
    private final int[] last;

    private Lifetimes(int buffers) {
        first = new int[buffers];
        last = new int[buffers];
        Arrays.fill(first, Integer.MAX_VALUE);
        Arrays.fill(last, Integer.MIN_VALUE);
    }

    public static Lifetimes of(KernelProgram program) {
        Lifetimes lifetimes = new Lifetimes(program.buffers().size());
        for (int i = 0; i < program.kernels().size(); i++) {
            KernelAccess access = KernelAccess.of(program.kernels().get(i));
            for (List<BufferId> touched : List.of(access.reads(), access.writes(), access.scratch())) {
                for (BufferId id : touched) {
                    lifetimes.touch(id, i);
                }
            }
        }
        program.inputs().forEach(port -> lifetimes.touch(port.buffer(), -1));
        program.outputs().forEach(port -> lifetimes.touch(port.buffer(), program.kernels().size()));
        return lifetimes;
    }

    private void touch(BufferId id, int index) {
        first[id.index()] = Math.min(first[id.index()], index);
        last[id.index()] = Math.max(last[id.index()], index);
    }

    public boolean used(BufferId id) {
        return first[id.index()] != Integer.MAX_VALUE;
    }

    public int first(BufferId id) {
        return first[id.index()];
    }

    public int last(BufferId id) {
        return last[id.index()];
    }

    /** Whether some kernel, or the outside, needs both at once. */
    public boolean overlap(BufferId a, BufferId b) {
        return used(a) && used(b) && first(a) <= last(b) && first(b) <= last(a);
    }
}
