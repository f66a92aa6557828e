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
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Gives every buffer its place: buffers that are never needed at the same time share memory, and an output takes the
 * place of an input that ends with it where the kernel allows. The greatest come first, each into the smallest gap
 * that holds it between those that live at the same time; where that leaves holes other orders are tried. Scratch
 * buffers have arrays of their own, so that threads that run parts of one kernel have each a set of them.
 */
public final class PlanArena implements KernelPass {
    /** Places begin at multiples of so many bytes, a cache line. */
    private static final int ALIGNMENT = 64;
    /** Orders of placing that are tried, fewer of very many buffers. */
    private static final int ORDERS = 256;
    private static final int PLACINGS = 1 << 21;
    /** So small a part of what cannot be done without is not worth another order. */
    private static final int CLOSE = 64;
    private static final Comparator<Slot> GREATEST_FIRST = Comparator.comparingInt((Slot slot) -> -slot.length)
            .thenComparingInt(slot -> slot.index);
    private static final Comparator<Slot> LONGEST_FIRST = Comparator.comparingInt(slot -> slot.first - slot.last);

    @Override
    public String summary() {
        return "place buffers in the arena by their lifetimes";
    }

    @Override
    public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
        List<Slot> slots = slots(program, Lifetimes.of(program));
        for (Bank bank : Bank.values()) {
            for (boolean work : new boolean[]{false, true}) {
                plan(slots.stream().filter(slot -> slot.bank == bank && slot.work == work).toList());
            }
        }
        Map<BufferId, Integer> offsets = new HashMap<>();
        slots.forEach(slot -> slot.buffers.forEach(id -> offsets.put(id, slot.offset)));
        program.outside().forEach(id -> offsets.put(id, 0));
        return program.withBuffers(program.buffers().stream().map(b -> b.at(offsets.get(b.id()))).toList());
    }

    /** Places the slots of one array: in the best of some orders. */
    private static void plan(List<Slot> slots) {
        if (slots.isEmpty()) {
            return;
        }
        int least = least(slots);
        int enough = least + least / CLOSE;
        int rounds = (int) Math.min(ORDERS, 2 + PLACINGS / ((long) slots.size() * slots.size()));
        List<Slot> order = new ArrayList<>(slots);
        int[] best = null;
        int bestEnd = Integer.MAX_VALUE;
        SplittableRandom random = new SplittableRandom(slots.size());
        for (int round = 0; round < rounds && bestEnd > enough; round++) {
            order.sort(round % 2 == 0 ? GREATEST_FIRST : LONGEST_FIRST.thenComparing(GREATEST_FIRST));
            // These orders are good ones; what is wrong with them is in a few places.
            for (int swap = 0; swap < (round + 14) / 16; swap++) {
                Collections.swap(order, random.nextInt(order.size()), random.nextInt(order.size()));
            }
            int end = placed(order);
            if (end < bestEnd) {
                bestEnd = end;
                best = slots.stream().mapToInt(slot -> slot.offset).toArray();
            }
        }
        for (int i = 0; i < slots.size(); i++) {
            slots.get(i).offset = best[i];
        }
    }

    /** Elements up to the end of the last slot, if they are placed in this order. */
    private static int placed(List<Slot> order) {
        int times = 1 + order.stream().filter(Slot::used).mapToInt(slot -> slot.last + 1).max().orElse(0);
        Occupancy taken = new Occupancy(times, ALIGNMENT / order.getFirst().bank.bytes());
        int end = 0;
        for (Slot slot : order) {
            // Inputs are there before the first kernel.
            slot.offset = slot.used() ? taken.take(slot.first + 1, slot.last + 1, slot.length) : 0;
            end = Math.max(end, slot.end());
        }
        return end;
    }

    /** The most elements that are wanted at once, those with them that lie between the end of one slot and the next. */
    private static int least(List<Slot> slots) {
        NavigableMap<Integer, Integer> changes = new TreeMap<>();
        slots.stream().filter(Slot::used).forEach(slot -> {
            changes.merge(slot.first, slot.aligned(), Integer::sum);
            changes.merge(slot.last + 1, -slot.aligned(), Integer::sum);
        });
        int least = 0;
        int now = 0;
        for (int change : changes.values()) {
            now += change;
            least = Math.max(least, now);
        }
        return least;
    }

    /** Buffers that follow each other in one place. */
    private static final class Slot {
        private final int index;
        private final Bank bank;
        private final boolean work;
        private final int length;
        private final List<BufferId> buffers = new ArrayList<>();
        private int first;
        private int last;
        private int offset;

        Slot(Buffer buffer, Lifetimes lifetimes) {
            index = buffer.id().index();
            bank = buffer.bank();
            work = buffer.inWork();
            length = buffer.length();
            buffers.add(buffer.id());
            first = lifetimes.first(buffer.id());
            last = lifetimes.last(buffer.id());
        }

        boolean used() {
            return first <= last;
        }

        int aligned() {
            int step = ALIGNMENT / bank.bytes();
            return (length + step - 1) / step * step;
        }

        int end() {
            return offset + length;
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
        return new ArrayList<>(all);
    }
}
