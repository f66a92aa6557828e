package dev.tern.compiler.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one array of a planned arena holds in each kernel's turn. Buffers of one type of element share an array; what
 * each thread has of its own lies in a second one.
 */
public final class ArenaUse {
    private final Bank bank;
    private final long bytes;
    private final List<Buffer> buffers;
    private final Lifetimes lifetimes;
    /** Bytes held in each turn, from the inputs' on. */
    private final long[] held;

    private ArenaUse(KernelProgram program, Bank bank, boolean work, Lifetimes lifetimes) {
        this.bank = bank;
        this.lifetimes = lifetimes;
        bytes = (long) (work ? program.workLength(bank) : program.arenaLength(bank)) * bank.bytes();
        buffers = program.buffers().stream().filter(buffer -> buffer.bank() == bank && buffer.inWork() == work
                && lifetimes.used(buffer.id()) && !program.outside().contains(buffer.id())).toList();
        held = heldBytes(program.kernels().size() + 2);
    }

    /** The arrays that are there. */
    public static List<ArenaUse> of(KernelProgram program) {
        Lifetimes lifetimes = Lifetimes.of(program);
        List<ArenaUse> arrays = new ArrayList<>();
        for (Bank bank : Bank.values()) {
            for (boolean work : new boolean[]{false, true}) {
                ArenaUse array = new ArenaUse(program, bank, work, lifetimes);
                if (array.bytes > 0) {
                    arrays.add(array);
                }
            }
        }
        return arrays;
    }

    private long[] heldBytes(int turns) {
        List<List<Buffer>> begin = new ArrayList<>();
        List<List<Buffer>> end = new ArrayList<>();
        for (int i = 0; i <= turns; i++) {
            begin.add(new ArrayList<>());
            end.add(new ArrayList<>());
        }
        for (Buffer buffer : buffers) {
            begin.get(lifetimes.first(buffer.id()) + 1).add(buffer);
            end.get(lifetimes.last(buffer.id()) + 2).add(buffer);
        }
        long[] bytesHeld = new long[turns];
        Map<Place, Integer> places = new HashMap<>();
        long now = 0;
        for (int i = 0; i < turns; i++) {
            for (Buffer buffer : begin.get(i)) {
                now += places.merge(new Place(buffer), 1, Integer::sum) == 1 ? buffer.bytes() : 0;
            }
            for (Buffer buffer : end.get(i)) {
                now -= places.merge(new Place(buffer), -1, Integer::sum) == 0 ? buffer.bytes() : 0;
            }
            bytesHeld[i] = now;
        }
        return bytesHeld;
    }

    /** Of buffers that follow each other in one place in the same turn only one counts. */
    private record Place(int offset, int length) {
        Place(Buffer buffer) {
            this(buffer.offset(), buffer.length());
        }
    }

    public Bank bank() {
        return bank;
    }

    /** Bytes that the array takes. */
    public long bytes() {
        return bytes;
    }

    /**
     * Bytes held in a turn.
     *
     * @param turn the kernel's index; -1 for the time when inputs are filled in, as many as there are kernels for that
     *        when outputs are read
     */
    public long held(int turn) {
        return held[turn + 1];
    }

    /** The first turn in which the most is held. */
    public int peak() {
        int peak = 0;
        for (int i = 1; i < held.length; i++) {
            if (held[i] > held[peak]) {
                peak = i;
            }
        }
        return peak - 1;
    }

    /** The buffers held in a turn, of those in one place the first. */
    public List<Buffer> buffers(int turn) {
        Map<Place, Buffer> places = new HashMap<>();
        return buffers.stream().filter(buffer -> lifetimes.first(buffer.id()) <= turn
                && turn <= lifetimes.last(buffer.id())
                && places.putIfAbsent(new Place(buffer), buffer) == null).toList();
    }
}
