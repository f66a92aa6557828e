package dev.tern.compiler.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Whether buffers of a planned program share memory while both are needed, unless one takes the other's place. */
final class ArenaCheck {
    private final KernelProgram program;
    private final Lifetimes lifetimes;
    private final List<Buffer> placed;

    ArenaCheck(KernelProgram program) {
        this.program = program;
        lifetimes = Lifetimes.of(program);
        List<BufferId> outside = program.outside();
        placed = program.buffers().stream().filter(b -> !outside.contains(b.id())).toList();
    }

    /** The offences, one for each buffer without a place and each two that share memory. */
    List<String> offences() {
        List<String> offences = new ArrayList<>();
        placed.stream().filter(b -> b.offset() < 0)
                .forEach(b -> offences.add("buffer " + b.id() + " has no place in the arena"));
        if (!sound()) {
            // Of all pairs of buffers, which would be many to look at in a program that is as it should be.
            for (int i = 0; i < placed.size(); i++) {
                for (Buffer other : placed.subList(0, i)) {
                    Buffer buffer = placed.get(i);
                    if (space(buffer).equals(space(other)) && meet(buffer, other)
                            && lifetimes.overlap(buffer.id(), other.id()) && !inPlace(buffer, other)
                            && !inPlace(other, buffer)) {
                        offences.add("buffers " + other.id() + " and " + buffer.id()
                                + " share memory while both are needed");
                    }
                }
            }
        }
        return offences;
    }

    /** Buffers of one array. */
    private record Space(Bank bank, boolean work) {
    }

    private static Space space(Buffer buffer) {
        return new Space(buffer.bank(), buffer.inWork());
    }

    private static boolean meet(Buffer a, Buffer b) {
        return a.offset() < b.offset() + b.length() && b.offset() < a.offset() + a.length();
    }

    /** Whether there is certainly no such pair; a pair of buffers that begin at one kernel is left to be looked at. */
    private boolean sound() {
        Map<Space, List<Buffer>> spaces = new HashMap<>();
        placed.stream().filter(b -> lifetimes.used(b.id()))
                .sorted(Comparator.comparingInt((Buffer b) -> lifetimes.first(b.id())))
                .forEach(b -> spaces.computeIfAbsent(space(b), s -> new ArrayList<>()).add(b));
        return spaces.values().stream().allMatch(this::sound);
    }

    /** Goes through time, with the buffers that hold something by where they begin. */
    private boolean sound(List<Buffer> byBeginning) {
        NavigableMap<Integer, Buffer> live = new TreeMap<>();
        PriorityQueue<Buffer> byEnd = new PriorityQueue<>(
                Comparator.comparingInt((Buffer b) -> lifetimes.last(b.id())));
        int next = 0;
        while (next < byBeginning.size()) {
            int now = lifetimes.first(byBeginning.get(next).id());
            end(now - 1, live, byEnd);
            NavigableMap<Integer, Buffer> begun = new TreeMap<>();
            for (; next < byBeginning.size() && lifetimes.first(byBeginning.get(next).id()) == now; next++) {
                Buffer buffer = byBeginning.get(next);
                if (!meeting(live, buffer).allMatch(before -> inPlace(before, buffer))
                        || meeting(begun, buffer).findAny().isPresent()) {
                    return false;
                }
                begun.put(buffer.offset(), buffer);
            }
            // What another takes the place of ends here.
            end(now, live, byEnd);
            live.putAll(begun);
            byEnd.addAll(begun.values());
        }
        return true;
    }

    private void end(int time, NavigableMap<Integer, Buffer> live, PriorityQueue<Buffer> byEnd) {
        while (!byEnd.isEmpty() && lifetimes.last(byEnd.peek().id()) <= time) {
            live.remove(byEnd.remove().offset());
        }
    }

    /** Those of some buffers that do not share memory with each other that do with another. */
    private static Stream<Buffer> meeting(NavigableMap<Integer, Buffer> apart, Buffer buffer) {
        Integer from = apart.floorKey(buffer.offset());
        return apart.subMap(from == null ? buffer.offset() : from, true, buffer.offset() + buffer.length(), false)
                .values().stream().filter(other -> meet(other, buffer));
    }

    private boolean inPlace(Buffer input, Buffer output) {
        int meeting = lifetimes.last(input.id());
        return input.offset() == output.offset() && meeting == lifetimes.first(output.id()) && meeting >= 0
                && meeting < program.kernels().size()
                && InPlace.allowed(program.kernels().get(meeting), input.id(), output.id());
    }
}
