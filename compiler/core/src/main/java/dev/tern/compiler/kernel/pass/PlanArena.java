package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.InPlace;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelAccess;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Lifetimes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives every buffer its place: buffers that are never needed at the same time share memory, and an output takes the
 * place of an input that ends with it where the kernel allows. The greatest come first, each into the smallest gap
 * that holds it between those that live at the same time. Scratch buffers have arrays of their own, so that threads
 * that run parts of one kernel have each a set of them.
 */
public final class PlanArena implements KernelPass {
    /** Places begin at multiples of so many bytes, a cache line. */
    private static final int ALIGNMENT = 64;

    @Override
    public String summary() {
        return "place buffers in the arena by their lifetimes";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        List<Slot> slots = slots(program, Lifetimes.of(program));
        slots.sort(Comparator.comparingInt((Slot slot) -> -slot.length).thenComparingInt(slot -> slot.index));
        Map<Space, Occupancy> spaces = new HashMap<>();
        Map<BufferId, Integer> offsets = new HashMap<>();
        for (Slot slot : slots) {
            int offset = slot.first > slot.last
                    ? 0
                    : spaces.computeIfAbsent(slot.space,
                            space -> new Occupancy(program.kernels().size() + 2, ALIGNMENT / space.bank.bytes()))
                            // Inputs are there before the first kernel.
                            .take(slot.first + 1, slot.last + 1, slot.length);
            slot.buffers.forEach(id -> offsets.put(id, offset));
        }
        program.outside().forEach(id -> offsets.put(id, 0));
        return program.withBuffers(program.buffers().stream().map(b -> b.at(offsets.get(b.id()))).toList());
    }

    /** An array that buffers lie in. */
    private record Space(Bank bank, boolean work) {
    }

    /** Buffers that follow each other in one place. */
    private static final class Slot {
        private final int index;
        private final Space space;
        private final int length;
        private final List<BufferId> buffers = new ArrayList<>();
        private final int first;
        private int last;

        Slot(Buffer buffer, Lifetimes lifetimes) {
            index = buffer.id().index();
            space = new Space(buffer.bank(), buffer.inWork());
            length = buffer.length();
            buffers.add(buffer.id());
            first = lifetimes.first(buffer.id());
            last = lifetimes.last(buffer.id());
        }
    }

    private static List<Slot> slots(KernelProgram program, Lifetimes lifetimes) {
        Map<BufferId, Slot> slots = new HashMap<>();
        Set<Slot> all = new LinkedHashSet<>();
        List<BufferId> outside = program.outside();
        for (Buffer buffer : program.buffers()) {
            if (outside.contains(buffer.id())) {
                continue;
            }
            Slot slot = new Slot(buffer, lifetimes);
            slots.put(buffer.id(), slot);
            all.add(slot);
        }
        for (int i = 0; i < program.kernels().size(); i++) {
            Kernel kernel = program.kernels().get(i);
            KernelAccess access = KernelAccess.of(kernel);
            for (BufferId output : access.writes()) {
                for (BufferId input : access.reads()) {
                    Slot target = slots.get(output);
                    Slot source = slots.get(input);
                    if (source != null && target != null && source != target && source.space.bank == target.space.bank
                            && source.length == target.length
                            && lifetimes.last(input) == i && source.last == i && target.first == i
                            && InPlace.allowed(kernel, input, output)) {
                        source.buffers.addAll(target.buffers);
                        source.last = target.last;
                        target.buffers.forEach(id -> slots.put(id, source));
                        all.remove(target);
                    }
                }
            }
        }
        return new ArrayList<>(all);
    }
}
