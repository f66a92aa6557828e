package dev.tern.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads that help a session's own, and the work at hand: one kernel's units of work, which all threads take in
 * chunks, whoever is free first. A thread that comes late, or that the machine has put aside, leaves its chunks to the
 * others.
 *
 * <p>The team knows the session only while a kernel is shared, so that its threads do not keep alive a session that
 * nobody uses any more.
 */
final class Team {
    /** Enough that a slow thread holds up the others little, few enough that each is worth its taking. */
    private static final int CHUNKS_PER_THREAD = 2;
    /** How long a thread looks out for work before it sleeps: longer than most kernels that are not shared take. */
    private static final long LOOKOUT_NANOS = 50_000;
    /** How often it looks before it asks for the time. */
    private static final int LOOKS = 64;
    /** How often the caller looks whether the others are done before it offers its processor to them. */
    private static final int PATIENCE = 10_000;

    private final Helper[] helpers;
    /** Whether each thread can have a processor; else waiting in a loop keeps another thread from its work. */
    private final boolean processorsForAll;
    /**
     * Which kernel's turn it is, counted, in the upper half; how many of its units nobody has taken in the lower. As long
     * as some are left, the fields below describe them; whoever takes some by compare-and-set has read the right ones.
     */
    private final AtomicLong open = new AtomicLong();
    /** Units that are not done. */
    private final AtomicInteger pending = new AtomicInteger();
    private volatile boolean closed;
    private volatile Throwable failure;
    private Session session;
    private int kernel;
    private int units;
    private int chunk = 1;

    /**
     * Starts the helpers.
     *
     * @param threads the session's own among them
     */
    Team(int threads, String model, ArenaPlan.Lengths work) {
        processorsForAll = threads <= Runtime.getRuntime().availableProcessors();
        helpers = new Helper[threads - 1];
        try {
            for (int i = 0; i < helpers.length; i++) {
                helpers[i] = new Helper(new WorkArrays(work));
                // Inherits nothing from the thread that happens to make the session.
                helpers[i].thread = new Thread(null, helpers[i], "tern-" + model + "-" + (i + 1), 0, false);
                helpers[i].thread.setDaemon(true);
                helpers[i].thread.start();
            }
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /**
     * Runs a kernel on all threads; returns when all of it is done.
     *
     * @param owner who calls, with work arrays of its own
     * @param number the kernel, as {@link Session#inferPart} knows it
     * @param count how many units of work it has
     */
    void share(Session owner, int number, int count, WorkArrays work) {
        session = owner;
        kernel = number;
        units = count;
        int chunks = CHUNKS_PER_THREAD * (helpers.length + 1);
        chunk = (count + chunks - 1) / chunks;
        pending.set(count);
        long turn = (open.get() >>> Integer.SIZE) + 1;
        open.set(turn << Integer.SIZE | count);
        for (Helper helper : helpers) {
            helper.wake();
        }
        help(work);
        for (int looks = 0; pending.get() > 0; looks++) {
            if (processorsForAll && looks < PATIENCE) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        session = null;
        if (failure != null) {
            rethrow();
        }
    }

    private void rethrow() {
        Throwable thrown = failure;
        failure = null;
        if (thrown instanceof RuntimeException) {
            throw (RuntimeException) thrown;
        }
        if (thrown instanceof Error) {
            throw (Error) thrown;
        }
        throw new IllegalStateException(thrown);
    }

    /** Takes chunks as long as there are any. */
    private void help(WorkArrays work) {
        for (long seen = open.get(); left(seen) > 0; seen = open.get()) {
            Session owner = session;
            int number = kernel;
            int from = units - left(seen);
            int count = Math.min(chunk, left(seen));
            if (open.compareAndSet(seen, seen - count)) {
                try {
                    owner.inferPart(number, from, from + count, work);
                } catch (Throwable e) {
                    failure = e;
                } finally {
                    pending.addAndGet(-count);
                }
            }
        }
    }

    private static int left(long seen) {
        return (int) seen;
    }

    /** Ends all helpers. */
    void close() {
        closed = true;
        for (Helper helper : helpers) {
            if (helper != null) {
                LockSupport.unpark(helper.thread);
            }
        }
    }

    /** A thread's doings. */
    private final class Helper implements Runnable {
        private final WorkArrays work;
        private volatile boolean asleep;
        private Thread thread;

        Helper(WorkArrays work) {
            this.work = work;
        }

        @Override
        public void run() {
            while (!closed) {
                help(work);
                if (!sawWork()) {
                    sleep();
                }
            }
        }

        /** Whether work came while this thread looked out for it. */
        private boolean sawWork() {
            long end = processorsForAll ? System.nanoTime() + LOOKOUT_NANOS : System.nanoTime();
            do {
                for (int i = 0; i < LOOKS; i++) {
                    if (idle()) {
                        Thread.onSpinWait();
                    } else {
                        return true;
                    }
                }
            } while (System.nanoTime() < end);
            return false;
        }

        private boolean idle() {
            return left(open.get()) == 0 && !closed;
        }

        private void sleep() {
            asleep = true;
            // Work that came before the thread was seen asleep is seen here.
            while (asleep && idle()) {
                LockSupport.park(Team.this);
                // An interrupted thread would not sleep.
                Thread.interrupted();
            }
            asleep = false;
        }

        void wake() {
            if (asleep) {
                asleep = false;
                LockSupport.unpark(thread);
            }
        }
    }
}
