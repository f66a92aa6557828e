package dev.tern.compiler.footprint;

import dev.tern.compiler.kernel.ArenaUse;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Lifetimes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

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

    static Arena of(KernelProgram program) {
        Lifetimes lifetimes = Lifetimes.of(program);
        List<ArenaUse> arrays = ArenaUse.of(program);
        List<Moment> timeline = new ArrayList<>();
        for (int i = 0; i < program.kernels().size(); i++) {
            int turn = i;
            timeline.add(new Moment(program.kernels().get(i).name(),
                    arrays.stream().mapToLong(array -> array.held(turn)).sum()));
        }
        // Shared arrays and a thread's work arrays are arrays of their own.
        Map<Bank, Use> banks = new EnumMap<>(Bank.class);
        arrays.forEach(array -> banks.merge(array.bank(), new Use(array.bank(), array.bytes(), least(program, array)),
                (a, b) -> new Use(a.bank(), a.bytes() + b.bytes(), a.least() + b.least())));
        List<Held> buffers = program.buffers().stream().filter(buffer -> lifetimes.used(buffer.id())
                && !program.outside().contains(buffer.id())).map(buffer -> new Held(buffer.name(), buffer.bank(),
                        offset(program, buffer), buffer.bytes(),
                        lifetimes.first(buffer.id()), lifetimes.last(buffer.id())))
                .sorted((a, b) -> Integer.compare(a.first(), b.first())).toList();
        return new Arena(program.arenaBytes(), banks.values().stream().mapToLong(Use::least).sum(),
                List.copyOf(banks.values()), timeline, buffers);
    }

    private static long offset(KernelProgram program, Buffer buffer) {
        int before = buffer.inWork() ? program.arenaLength(buffer.bank()) : 0;
        return (long) (before + buffer.offset()) * buffer.bank().bytes();
    }

    private static long least(KernelProgram program, ArenaUse array) {
        return array.held(array.peak()) + (long) program.past(array.bank()) * array.bank().bytes();
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
