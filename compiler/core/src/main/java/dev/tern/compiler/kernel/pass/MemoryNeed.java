package dev.tern.compiler.kernel.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.KernelProgram;

/** What a session of an unplanned program will take, for passes that spend time to save memory. */
final class MemoryNeed {
    private MemoryNeed() {
    }

    /** Whether the program has a ram budget and breaks it. */
    static boolean overBudget(KernelProgram program) {
        return program.budget().ram() > 0 && bytes(program) > program.budget().ram();
    }

    /** Bytes of the arena and the state once what nobody reads is gone. */
    static long bytes(KernelProgram program) {
        Diagnostics none = new Diagnostics();
        return new PlanArena().apply(new EliminateDeadStores().apply(program, none), none).memoryBytes();
    }
}
