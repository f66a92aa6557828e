package dev.tern.compiler.footprint;

import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Lifetimes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A session's memory: an array for each type of element, in which buffers that are not wanted at the same time share
 * places.
 *
 * @param bytes of all arrays, with the work arrays of one thread
 * @param least bytes that no plan can do without: of each array the most that is held at once
 * @param banks of each array that is there
 * @param timeline what is held while each kernel runs, in their order
 * @param buffers in the order in which they are first held
 */
public record Arena(long bytes, long least, List<Use> banks, List<Moment> timeline, List<Held> buffers) {
    public Arena {
        banks = List.copyOf(banks);
        timeline = List.copyOf(timeline);
        buffers = List.copyOf(buffers);
    }

    /**
     * An array of the arena.
     *
     * @param bytes it takes
     * @param least the most that is held at once
     */
    public record Use(Bank bank, long bytes, long least) {
    }

    /**
     * A kernel's turn.
     *
     * @param bytes held while it runs
     */
    public record Moment(String kernel, long bytes) {
    }

    /**
     * A buffer.
     *
     * @param offset bytes from the beginning of its array; a thread's work array follows the shared one
     * @param first the kernel by whose turn it is held, -1 for an input
     * @param last the kernel after whose turn it is not held any more; one more than there are for an output
     */
    public record Held(String name, Bank bank, long offset, long bytes, int first, int last) {
    }

    /** A place in an array; of buffers that follow each other in one place in the same turn only one counts. */
    private record Place(Bank bank, boolean work, int offset, int length) {
        Place(Buffer buffer) {
            this(buffer.bank(), buffer.inWork(), buffer.offset(), buffer.length());
        }

        long bytes() {
            return (long) length * bank.bytes();
        }
    }

    static Arena of(KernelProgram program) {
        Lifetimes lifetimes = Lifetimes.of(program);
        List<Buffer> inArena = program.buffers().stream().filter(buffer -> lifetimes.used(buffer.id())
                && !program.outside().contains(buffer.id())).toList();
        int kernels = program.kernels().size();
        List<Moment> timeline = new ArrayList<>();
        // Shared arrays and a thread's work arrays are arrays of their own.
        Map<Bank, long[]> most = new EnumMap<>(Bank.class);
        for (int i = -1; i <= kernels; i++) {
            Set<Place> held = new HashSet<>();
            for (Buffer buffer : inArena) {
                if (lifetimes.first(buffer.id()) <= i && i <= lifetimes.last(buffer.id())) {
                    held.add(new Place(buffer));
                }
            }
            for (Bank bank : Bank.values()) {
                long[] both = most.computeIfAbsent(bank, _ -> new long[2]);
                both[0] = Math.max(both[0], bytes(held, bank, false));
                both[1] = Math.max(both[1], bytes(held, bank, true));
            }
            if (i >= 0 && i < kernels) {
                timeline.add(new Moment(program.kernels().get(i).name(),
                        held.stream().mapToLong(Place::bytes).sum()));
            }
        }
        List<Use> banks = new ArrayList<>();
        most.forEach((bank, both) -> {
            long bytes = (long) (program.arenaLength(bank) + program.workLength(bank)) * bank.bytes();
            if (bytes > 0) {
                banks.add(new Use(bank, bytes, least(program, bank, both[0]) + least(program, bank, both[1])));
            }
        });
        List<Held> buffers = inArena.stream().map(buffer -> new Held(buffer.name(), buffer.bank(),
                offset(program, buffer), buffer.bytes(),
                lifetimes.first(buffer.id()), lifetimes.last(buffer.id())))
                .sorted((a, b) -> Integer.compare(a.first(), b.first())).toList();
        return new Arena(program.arenaBytes(), banks.stream().mapToLong(Use::least).sum(), banks, timeline, buffers);
    }

    private static long offset(KernelProgram program, Buffer buffer) {
        int before = buffer.inWork() ? program.arenaLength(buffer.bank()) : 0;
        return (long) (before + buffer.offset()) * buffer.bank().bytes();
    }

    private static long least(KernelProgram program, Bank bank, long held) {
        return held == 0 ? 0 : held + (long) program.past(bank) * bank.bytes();
    }

    private static long bytes(Set<Place> held, Bank bank, boolean work) {
        return held.stream().filter(place -> place.bank() == bank && place.work() == work).mapToLong(Place::bytes)
                .sum();
    }

    /** The turn in which the most is held. */
    public int peak() {
        int peak = 0;
        for (int i = 1; i < timeline.size(); i++) {
            if (timeline.get(i).bytes() > timeline.get(peak).bytes()) {
                peak = i;
            }
        }
        return peak;
    }
}
