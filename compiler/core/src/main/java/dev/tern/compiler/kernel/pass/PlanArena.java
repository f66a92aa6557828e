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
import java.util.List;
import java.util.Map;

/**
 * Gives every buffer its place: buffers that are never needed at the same time share memory, and an output takes the
 * place of an input that ends with it where the kernel allows. The greatest come first, each into the smallest gap
 * that holds it between those that live at the same time.
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
        List<Slot> placed = new ArrayList<>();
        for (Slot slot : slots) {
            place(slot, placed);
            placed.add(slot);
        }
        Map<BufferId, Integer> offsets = new HashMap<>();
        placed.forEach(slot -> slot.buffers.forEach(id -> offsets.put(id, slot.offset)));
        program.outside().forEach(id -> offsets.put(id, 0));
        return program.withBuffers(program.buffers().stream().map(b -> b.at(offsets.get(b.id()))).toList());
    }

    /** Buffers that follow each other in one place. */
    private static final class Slot {
        private final int index;
        private final Bank bank;
        private final int length;
        private final List<BufferId> buffers = new ArrayList<>();
        private int first;
        private int last;
        private int offset;

        Slot(Buffer buffer, Lifetimes lifetimes) {
            index = buffer.id().index();
            bank = buffer.bank();
            length = buffer.length();
            buffers.add(buffer.id());
            first = lifetimes.first(buffer.id());
            last = lifetimes.last(buffer.id());
        }

        boolean meets(Slot other) {
            return bank == other.bank && first <= other.last && other.first <= last;
        }

        int end() {
            return offset + length;
        }
    }

    private static List<Slot> slots(KernelProgram program, Lifetimes lifetimes) {
        Map<BufferId, Slot> slots = new HashMap<>();
        List<Slot> all = new ArrayList<>();
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
                    if (source != null && target != null && source != target && source.bank == target.bank
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
        return all;
    }

    /** The smallest gap that holds the slot, the lowest of equal ones; else the end of what is there. */
    private static void place(Slot slot, List<Slot> placed) {
        int step = ALIGNMENT / slot.bank.bytes();
        List<Slot> neighbours = placed.stream().filter(slot::meets)
                .sorted(Comparator.comparingInt((Slot other) -> other.offset)).toList();
        int best = -1;
        int bestGap = Integer.MAX_VALUE;
        int free = 0;
        for (Slot other : neighbours) {
            int gap = other.offset - free;
            if (gap >= slot.length && gap < bestGap) {
                best = free;
                bestGap = gap;
            }
            free = Math.max(free, (other.end() + step - 1) / step * step);
        }
        slot.offset = best >= 0 ? best : free;
    }
}
