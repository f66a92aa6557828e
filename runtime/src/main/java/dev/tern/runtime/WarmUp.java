package dev.tern.runtime;

import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * A model's way from plain loops to vector code. Vector code crawls and allocates until the JIT compiler is through
 * with it, thousands of inferences later; so sessions begin with plain loops, another thread runs vector code until it
 * is compiled, and each session changes over between two of its calls. Both give the same bits.
 *
 * <p>Reachable from the model and from the sessions that users hold, and from nothing else: when all of those are gone
 * the thread stops.
 */
final class WarmUp {
    /** The system property that says whether a thread may be started for this: {@code on} or {@code off}. */
    static final String PROPERTY = "tern.warm";
    /** Inferences of one session before the thread begins: they have the processors for themselves. */
    static final int CALLS_ALONE = 100;
    /** Of a model that is called seldom the thread begins after that time. */
    static final long NANOS_ALONE = 5_000_000_000L;

    private final Weights plain;
    private final Supplier<? extends Session> plainSessions;
    private final int vectorBits;
    private final boolean threadAllowed;
    private final CountDownLatch decided = new CountDownLatch(1);
    /** Those that run plain loops. Guarded by this. */
    private final Set<Session> sessions = Collections.newSetFromMap(new WeakHashMap<>());
    /** Gives the model in vector code; null when it has done so. For the thread that warms, as is the next. */
    private Supplier<CompiledModel> makeVector;
    /** The model in vector code while it is on trial. */
    private CompiledModel made;
    /** The same once it may run. */
    private volatile CompiledModel vector;
    private volatile Signature signature;
    private volatile Warming warming = new Warming(Warming.State.WAITING, 0, 0, 0, 0);
    /** Whether the thread knows of it. Guarded by this. */
    private boolean asked;
    /** When the first session was called; 0 before that. */
    private volatile long firstCall;
    private volatile boolean due;

    /**
     * @param plain of the model in plain loops
     * @param plainSessions such sessions, which know nothing of this
     * @param vectorBits the width that the other form's vectors have
     * @param makeVector the other form
     */
    WarmUp(Weights plain, Supplier<? extends Session> plainSessions, int vectorBits,
            Supplier<CompiledModel> makeVector) {
        this.plain = plain;
        this.plainSessions = plainSessions;
        this.vectorBits = vectorBits;
        this.makeVector = makeVector;
        boolean wanted = wanted();
        threadAllowed = wanted && Runtime.getRuntime().availableProcessors() > 1;
        String vectorCode = "vector code of " + vectorBits + " bits";
        if (threadAllowed) {
            WarmingThread.load();
            signature = plain.signature().because("until " + vectorCode + " is compiled and measured faster");
        } else {
            signature = plain.signature().because((wanted ? "the JVM has one processor" : "-D" + PROPERTY + "=off")
                    + ": " + vectorCode + " runs when model.warm() has been called");
        }
    }

    /** @throws IllegalArgumentException if the property is neither {@code on} nor {@code off} */
    private static boolean wanted() {
        String wish = System.getProperty(PROPERTY, "on").toLowerCase(Locale.ROOT);
        if (!wish.equals("on") && !wish.equals("off")) {
            throw new IllegalArgumentException("-D" + PROPERTY + "=" + wish + ": expected on or off");
        }
        return wish.equals("on");
    }

    /** Vector code runs from the first inference on. @param reason why, in one line */
    void changeNow(String reason) {
        made = makeVector.get();
        makeVector = null;
        signature = made.signature().because(reason);
        vector = made;
        asked = true;
        warming = Warming.NONE;
        decided.countDown();
    }

    /** What the model is, by the form that runs now. */
    Signature signature() {
        return signature;
    }

    Warming warming() {
        return warming;
    }

    /** The model in vector code, if it may run already; else null. */
    CompiledModel vector() {
        return vector;
    }

    /** A session is called for the first time; it is told when it may change over. */
    void begin(Session session) {
        synchronized (this) {
            if (vector != null) {
                session.changeTo(vector.newSession());
                return;
            }
            if (warming.state().settled()) {
                return;
            }
            sessions.add(session);
            firstCall = firstCall == 0 ? System.nanoTime() : firstCall;
            if (asked || !threadAllowed) {
                return;
            }
            asked = true;
        }
        WarmingThread.ask(this);
    }

    /** A session has had the processors for itself for long enough. */
    void due() {
        due = true;
        WarmingThread.look();
    }

    /** Nanoseconds until the thread may begin; 0 or less for now. */
    long nanosToWait(long now) {
        return due ? 0 : firstCall + NANOS_ALONE - now;
    }

    /** Waits until it is decided which form runs; decides it itself where no thread may. */
    Warming await() {
        boolean here = false;
        synchronized (this) {
            if (!asked) {
                asked = true;
                here = !threadAllowed;
                firstCall = firstCall == 0 ? System.nanoTime() : firstCall;
                if (!here) {
                    WarmingThread.ask(this);
                }
            }
        }
        if (here) {
            decideHere();
        } else {
            due();
            waitForDecision();
        }
        return warming;
    }

    private void decideHere() {
        try {
            Trial trial = trial();
            while (trial.step()) {
                Thread.onSpinWait();
            }
            decide(trial);
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void waitForDecision() {
        try {
            decided.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Begins to run both forms, on the thread that calls. */
    Trial trial() {
        long allocatedBefore = AllocatedBytes.ofThisThread();
        warming = new Warming(Warming.State.WARMING, 0, 0, 0, 0);
        made = makeVector.get();
        makeVector = null;
        return new Trial(plainSessions.get(), made.newSession(), allocatedBefore);
    }

    /** Acts upon what a trial found. */
    void decide(Trial trial) {
        settle(trial.faster() ? Warming.State.CHANGED : Warming.State.KEPT, trial.plainNanos(), trial.vectorNanos(),
                trial.allocatedBytes(), trial.reason());
    }

    /** Stays with plain loops, for the other form threw that. */
    void fail(Throwable thrown) {
        settle(Warming.State.KEPT, 0, 0, AllocatedBytes.KNOWN ? 0 : -1, "vector code failed: " + thrown);
    }

    private synchronized void settle(Warming.State state, double plainNanos, double vectorNanos, long allocated,
            String reason) {
        if (state == Warming.State.CHANGED) {
            signature = made.signature()
                    .because("the Vector API with vectors of " + vectorBits + " bits, " + reason);
            vector = made;
            for (Session session : sessions) {
                session.changeTo(made.newSession());
            }
        } else {
            signature = plain.signature().because(reason);
        }
        sessions.clear();
        made = null;
        makeVector = null;
        warming = new Warming(state, plainNanos, vectorNanos, Math.max(1, System.nanoTime() - firstCall), allocated);
        decided.countDown();
    }
}
