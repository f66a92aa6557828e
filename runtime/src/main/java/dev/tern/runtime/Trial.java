package dev.tern.runtime;

import java.util.Arrays;
import java.util.Locale;

/**
 * Runs the two forms of a model's code until the JIT compiler is through with both, and measures which is faster. Plain
 * loops come first: the caller runs them meanwhile, and what is asked of the compiler first is compiled first.
 *
 * <p>Neither form knows the model that users hold, so that a trial keeps none of them alive.
 */
final class Trial {
    /** Of one turn of a form: long enough for the clock, short enough to be stopped between two. */
    private static final long TURN_NANOS = 5_000_000;
    /** What counts as better. */
    private static final double BETTER = 0.95;
    /** Turns of each form beside the other, of which the fastest counts: what disturbs one only makes it slower. */
    private static final int PAIRS = 7;

    private final Form plain;
    private final Form vector;
    private final boolean sameBits;
    private final Patience patience;
    private final long start = Work.ofThisThread();
    private long compiled = Work.ofTheCompiler();
    /** When the JIT compiler was last seen to have finished something. */
    private long lastCompiled = start;
    private long allocated;
    private double plainNanos;
    private double vectorNanos;
    private String reason = "";

    /**
     * For how long a trial waits for the JIT compiler, in nanoseconds of the thread that runs it: while the machine is
     * busy with other things neither gets on.
     *
     * @param rest a form has settled when for so long it got no better, longer than the compiler takes for most
     * methods;
     *        vector code when nothing was compiled either
     * @param plain plain loops get no more than this before vector code has its turn
     * @param idle vector code that still allocates is given up when for so long nothing was compiled
     * @param most all that the trial gets where things are compiled for ever, for other code perhaps
     */
    record Patience(long rest, long plain, long idle, long most) {
        static final Patience USUAL = new Patience(400_000_000, 5_000_000_000L, 20_000_000_000L, 300_000_000_000L);
    }

    /** Begins with one inference of each, by sessions that nobody else uses; see the next. */
    Trial(Session plainSession, Session vectorSession, long allocatedBefore) {
        this(plainSession, vectorSession, allocatedBefore, Patience.USUAL);
    }

    /**
     * Begins with one inference of each, by sessions that nobody else uses.
     *
     * @param allocatedBefore {@link AllocatedBytes#ofThisThread()} before the sessions were made
     */
    Trial(Session plainSession, Session vectorSession, long allocatedBefore, Patience patience) {
        this.patience = patience;
        Object[] inputs = plainSession.signature().sampleInputs();
        plain = new Form(plainSession, inputs);
        vector = new Form(vectorSession, inputs);
        plain.run();
        vector.run();
        sameBits = Arrays.deepEquals(plain.outputs, vector.outputs);
        allocated = AllocatedBytes.ofThisThread() - allocatedBefore;
    }

    /**
     * Goes on for a turn.
     *
     * @return false when all is decided
     */
    boolean step() {
        long before = AllocatedBytes.ofThisThread();
        boolean more = decide();
        allocated += AllocatedBytes.ofThisThread() - before;
        return more;
    }

    private boolean decide() {
        if (!sameBits) {
            reason = "vector code gave other results, which is a fault of the compiler: please report it";
            return false;
        }
        long now = Work.ofThisThread();
        long compiledNow = Work.ofTheCompiler();
        lastCompiled = compiledNow == compiled ? lastCompiled : now;
        compiled = compiledNow;
        if (!plain.settled(now - patience.rest) && now - start < patience.plain) {
            plain.train();
            return true;
        }
        boolean over = now - start > patience.most;
        boolean settled = over || lastCompiled < now - patience.rest && vector.settled(now - patience.rest);
        if (vector.lean() && (settled || vector.best < BETTER * plain.best)) {
            pairs();
            if (faster()) {
                reason = String.format(Locale.ROOT, "measured %.1f times as fast as plain loops", gain());
                return false;
            }
            if (settled) {
                reason = String.format(Locale.ROOT, "vector code measured %.2f times as fast as plain loops", gain());
                return false;
            }
        }
        if (over || now - Math.max(lastCompiled, vector.begun) > patience.idle) {
            reason = "vector code was not compiled: it still allocated when the JIT compiler had no more to do";
            return false;
        }
        vector.trainByParts();
        vector.train();
        return true;
    }

    /** Measures both beside each other. */
    private void pairs() {
        plainNanos = Double.MAX_VALUE;
        vectorNanos = Double.MAX_VALUE;
        for (int i = 0; i < PAIRS; i++) {
            plainNanos = Math.min(plainNanos, plain.turn());
            vectorNanos = Math.min(vectorNanos, vector.turn());
        }
    }

    private double gain() {
        return plainNanos / vectorNanos;
    }

    /** Whether vector code was measured faster; to be asked when all is decided. */
    boolean faster() {
        return sameBits && vector.lean() && vectorNanos < BETTER * plainNanos;
    }

    /** Why the form that is to run is the right one, in a line. */
    String reason() {
        return reason;
    }

    double plainNanos() {
        return plainNanos;
    }

    double vectorNanos() {
        return vectorNanos;
    }

    /** Bytes that this thread allocated. */
    long allocatedBytes() {
        return AllocatedBytes.KNOWN ? allocated : -1;
    }

    /** One form of the code. */
    private static final class Form {
        private final Session session;
        private final Object[] inputs;
        private final Object[] outputs;
        private double best = Double.MAX_VALUE;
        /** When it was trained first; never, as long as it is the greatest number. */
        private long begun = Long.MAX_VALUE;
        private long lastBetter;
        private long lastAllocated = -1;
        private long lastAllocatedByParts = -1;

        Form(Session session, Object[] inputs) {
            this.session = session;
            this.inputs = inputs;
            this.outputs = session.newOutputs(1);
        }

        void run() {
            session.run(inputs, outputs);
        }

        /** Runs for some milliseconds, to be compiled. */
        void train() {
            begun = Math.min(begun, Work.ofThisThread());
            double nanos = turn();
            if (nanos < BETTER * best) {
                lastBetter = Work.ofThisThread();
            }
            best = Math.min(best, nanos);
        }

        /** Runs for some milliseconds, once at least. @return how long one inference took */
        double turn() {
            long before = AllocatedBytes.ofThisThread();
            long begin = System.nanoTime();
            long now;
            int count = 0;
            do {
                run();
                count++;
                now = System.nanoTime();
            } while (now - begin < TURN_NANOS);
            lastAllocated = AllocatedBytes.ofThisThread() - before;
            return (double) (now - begin) / count;
        }

        /** Runs as sessions of several threads do, which call methods that others may not. */
        void trainByParts() {
            session.divide(true);
            turn();
            session.divide(false);
            lastAllocatedByParts = lastAllocated;
        }

        /** Whether it has not got better since. */
        boolean settled(long since) {
            return best < Double.MAX_VALUE && lastBetter < since;
        }

        /** Whether it allocated nothing when it last ran, which shows that its vectors are no objects any more. */
        boolean lean() {
            return lastAllocated == 0 && lastAllocatedByParts == 0;
        }
    }
}
