package dev.tern.compiler.kernel.pass;

import java.util.List;

/** The kernel passes in the order in which they run. */
public final class KernelPasses {
    private KernelPasses() {
    }

    /**
     * Elementwise kernels join their producers; what only served to connect them goes; codes are packed where they are
     * made; one-bit pools, whose codes are wanted packed by then, work on words, which leaves the unpacked codes
     * unread. What remains is scheduled, placed, and weighed against the budget.
     */
    public static List<KernelPass> all() {
        return List.of(new FuseEpilogues(), new FusePackingIntoProducer(), new EliminateDeadStores(), new UseOrPool(),
                new EliminateDeadStores(), new ChooseSchedules(), new PlanArena(), new CheckBudgets());
    }
}
