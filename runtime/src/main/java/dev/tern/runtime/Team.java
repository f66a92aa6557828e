package dev.tern.runtime;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads that help a session's own, and the kernel at hand, say the rows of its output. Each thread has chunks
 * of it that are meant for it, the same stretch of every kernel, so that it finds in its cache what it wrote before;
 * then it takes what is left of the others'. A thread that comes late, or that the machine has put aside, thus holds up
 * nobody for long.
 *
 * <p>The team knows the session only while a kernel is shared, so that its threads do not keep alive a session that
 * nobody uses any more.
 */
final class Team {
    /** Enough that a slow thread holds up the others little, few enough that each is worth its taking. */
    private static final int CHUNKS_PER_THREAD = 2;
    /** As many as an int has bits. More threads than that find nothing to do. */
    private static final int MOST_CHUNKS = Integer.SIZE;
    /** How long a thread looks out for work before it sleeps: longer than most of what is not shared takes. */
    private static final long LOOKOUT_NANOS = 50_000;
    /** How often it looks before it asks for the time. */
    private static final int LOOKS = 64;
    /** How often the caller looks whether the others are done before it offers its processor to them. */
    private static final int PATIENCE = 10_000;

    private final Helper[] helpers;
    /** Whether each thread can have a processor; else waiting in a loop keeps another thread from its work. */
    private final boolean processorsForAll;
    /**
     * The number of the kernel at hand, counted from the first that was shared, in the upper half; a bit for each chunk
     * that nobody has taken in the lower. As long as one is left, the fields below describe it; whoever takes it by
     * compare-and-set has read the right ones.
     */
    private final AtomicLong open = new AtomicLong();
    /** Chunks that are not done. */
    private final AtomicInteger pending = new AtomicInteger();
    private volatile boolean closed;
    private volatile Throwable failure;
    private Session session;
    private int kernel;
    private int units;
    private int chunks;

    /**
     * Starts the helpers.
     *
     * @param threads the session's own among them
     */
    Team(int threads, String model) {
        processorsForAll = threads <= Runtime.getRuntime().availableProcessors();
        helpers = new Helper[threads - 1];
        try {
            for (int i = 0; i < helpers.length; i++) {
                helpers[i] = new Helper(i + 1);
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
     * @param owner who calls
     * @param number the kernel, as {@link Session#inferPart} knows it
     * @param count how many units of work it has
     */
    void share(Session owner, int number, int count) {
        session = owner;
        kernel = number;
        units = count;
        chunks = Math.min(Math.min(CHUNKS_PER_THREAD * (helpers.length + 1), MOST_CHUNKS), count);
        pending.set(chunks);
        long next = (open.get() >>> Integer.SIZE) + 1;
        open.set(next << Integer.SIZE | -1 >>> Integer.SIZE - chunks & 0xffff_ffffL);
        for (Helper helper : helpers) {
            helper.wake();
        }
        help(0);
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

    /** Takes chunks as long as there are any. @param thread its number, 0 for the caller */
    private void help(int thread) {
        for (long seen = open.get(); left(seen) != 0; seen = open.get()) {
            Session owner = session;
            int which = kernel;
            int chunk = firstFrom(CHUNKS_PER_THREAD * thread, left(seen));
            int from = (int) ((long) units * chunk / chunks);
            int to = (int) ((long) units * (chunk + 1) / chunks);
            if (open.compareAndSet(seen, seen & ~(1L << chunk))) {
                try {
                    owner.inferPart(which, from, to, owner.work(thread));
                } catch (Throwable e) {
                    failure = e;
                } finally {
                    pending.decrementAndGet();
                }
            }
        }
    }

    /** The first of these chunks from one on, beginning anew behind the last. */
    private static int firstFrom(int first, int chunks) {
        return first + Integer.numberOfTrailingZeros(Integer.rotateRight(chunks, first)) & MOST_CHUNKS - 1;
    }

    private static int left(long seen) {
        return (int) seen;
    }

    /** How many threads there are, the session's own among them. */
    int size() {
        return helpers.length + 1;
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
        private final int number;
        private volatile boolean asleep;
        private Thread thread;

        Helper(int number) {
            this.number = number;
        }

        @Override
        public void run() {
            while (!closed) {
                help(number);
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
