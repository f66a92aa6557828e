package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelAccess;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Kernels in the order in which they run, with the places of those that read and that write each buffer, which are kept
 * up as a pass changes or takes away kernels. A kernel keeps its place whatever becomes of the others.
 */
final class KernelSequence {
    private final List<Kernel> kernels;
    private final Map<BufferId, NavigableSet<Integer>> readers = new HashMap<>();
    private final Map<BufferId, NavigableSet<Integer>> writers = new HashMap<>();

    KernelSequence(List<Kernel> kernels) {
        this(kernels, 0);
    }

    /** @param room empty places before each kernel, for others that a pass puts before it */
    KernelSequence(List<Kernel> kernels, int room) {
        this.kernels = new ArrayList<>();
        for (Kernel kernel : kernels) {
            this.kernels.addAll(Collections.nCopies(room, null));
            this.kernels.add(kernel);
            enter(this.kernels.size() - 1);
        }
    }

    /** Places there are, the empty ones with them. */
    int places() {
        return kernels.size();
    }

    /** The kernel at a place; null where it is empty. */
    Kernel at(int place) {
        return kernels.get(place);
    }

    void set(int place, Kernel kernel) {
        if (kernels.get(place) != null) {
            leave(place);
        }
        kernels.set(place, kernel);
        enter(place);
    }

    void remove(int place) {
        leave(place);
        kernels.set(place, null);
    }

    /** The places of the kernels that read a buffer. */
    NavigableSet<Integer> readers(BufferId buffer) {
        return readers.getOrDefault(buffer, new TreeSet<>());
    }

    /** The places of the kernels that write a buffer. */
    NavigableSet<Integer> writers(BufferId buffer) {
        return writers.getOrDefault(buffer, new TreeSet<>());
    }

    /** The kernels in their order. */
    List<Kernel> toList() {
        return kernels.stream().filter(Objects::nonNull).toList();
    }

    private void enter(int place) {
        KernelAccess access = KernelAccess.of(kernels.get(place));
        access.reads().forEach(id -> readers.computeIfAbsent(id, b -> new TreeSet<>()).add(place));
        access.writes().forEach(id -> writers.computeIfAbsent(id, b -> new TreeSet<>()).add(place));
    }

    private void leave(int place) {
        KernelAccess access = KernelAccess.of(kernels.get(place));
        access.reads().forEach(id -> readers.get(id).remove(place));
        access.writes().forEach(id -> writers.get(id).remove(place));
    }
}
