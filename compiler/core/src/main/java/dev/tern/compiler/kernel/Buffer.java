package dev.tern.compiler.kernel;

/**
 * A piece of the arena.
 *
 * @param name for listings: the layer's path and what it holds
 * @param offset the first element in its bank's shared array or work array, or -1 before the arena is planned
 * @param role who may write it
 */
public record Buffer(BufferId id, String name, Bank bank, Layout layout, int offset, Role role) {
    /** What a buffer is for. */
    public enum Role {
        /** Filled from outside before the first kernel. */
        INPUT,
        /** Read from outside after the last kernel. */
        OUTPUT,
        /** Passes values between kernels. */
        VALUE,
        /** Used within one kernel only, of which every thread that runs it has one. */
        SCRATCH
    }

    /** Whether it lies in the work arrays, of which each thread has a set, and not in those that all threads share. */
    public boolean inWork() {
        return role == Role.SCRATCH;
    }

    public int length() {
        return layout.length();
    }

    public long bytes() {
        return (long) length() * bank.bytes();
    }

    public Buffer at(int newOffset) {
        return new Buffer(id, name, bank, layout, newOffset, role);
    }
}
