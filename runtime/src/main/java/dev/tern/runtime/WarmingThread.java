package dev.tern.runtime;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The one thread of a JVM that has vector code compiled, one model after the other. It begins with the first model that
 * is called and ends when none is left to warm; it is a daemon of the lowest priority, and holds models weakly.
 */
final class WarmingThread implements Runnable {
    static final String NAME = "tern-warming";
    /** So often it looks whether a model that waits is still there. */
    private static final long LOOK_MILLIS = 1000;
    private static final Object LOCK = new Object();
    /** Guarded by the lock. */
    private static final List<WeakReference<WarmUp>> WAITING = new ArrayList<>();
    /** Guarded by the lock. */
    private static boolean running;

    private WarmingThread() {
    }

    /** Has the JVM load this class now, so that the first inference need not. */
    static void load() {
        // Nothing is left to do when a method of the class runs.
    }

    /** Adds a model to those that are to be warmed. */
    static void ask(WarmUp model) {
        synchronized (LOCK) {
            WAITING.add(new WeakReference<>(model));
            if (!running) {
                // Inherits nothing from the thread that happens to call first.
                Thread thread = new Thread(null, new WarmingThread(), NAME, 0, false);
                thread.setDaemon(true);
                thread.setPriority(Thread.MIN_PRIORITY);
                thread.setContextClassLoader(null);
                thread.start();
                running = true;
            }
            LOCK.notifyAll();
        }
    }

    /** Tells the thread that a model may have become due. */
    static void look() {
        synchronized (LOCK) {
            LOCK.notifyAll();
        }
    }

    @Override
    public void run() {
        for (WeakReference<WarmUp> next = next(); next != null; next = next()) {
            warm(next);
        }
    }

    /** The next that is due; null when there is none at all, and the thread is to end. */
    private static WeakReference<WarmUp> next() {
        synchronized (LOCK) {
            while (true) {
                long wait = Long.MAX_VALUE;
                for (Iterator<WeakReference<WarmUp>> all = WAITING.iterator(); all.hasNext();) {
                    WeakReference<WarmUp> reference = all.next();
                    WarmUp model = reference.get();
                    long its = model == null ? Long.MAX_VALUE : model.nanosToWait(System.nanoTime());
                    if (model == null || its <= 0) {
                        all.remove();
                    }
                    if (its <= 0) {
                        return reference;
                    }
                    wait = Math.min(wait, its);
                }
                if (WAITING.isEmpty()) {
                    running = false;
                    return null;
                }
                sleep(Math.min(LOOK_MILLIS, 1 + wait / 1_000_000));
            }
        }
    }

    private static void sleep(long millis) {
        try {
            LOCK.wait(millis);
        } catch (InterruptedException e) {
            // Nobody has reason to interrupt this thread; it ends when it has nothing to do.
            Thread.interrupted();
        }
    }

    private static void warm(WeakReference<WarmUp> model) {
        try {
            Trial trial = begin(model);
            while (trial != null && trial.step()) {
                if (model.refersTo(null)) {
                    return;
                }
            }
            end(model, trial);
        } catch (Throwable e) {
            // Whatever it is, plain loops run on; what cannot be told to a model that is gone is of no use to anybody.
            fail(model, e);
        }
    }

    // Each in a method of its own, so that nothing of the model stays on this thread's stack while it works.

    private static Trial begin(WeakReference<WarmUp> reference) {
        WarmUp model = reference.get();
        return model == null ? null : model.trial();
    }

    private static void end(WeakReference<WarmUp> reference, Trial trial) {
        WarmUp model = reference.get();
        if (model != null && trial != null) {
            model.decide(trial);
        }
    }

    private static void fail(WeakReference<WarmUp> reference, Throwable thrown) {
        WarmUp model = reference.get();
        if (model != null) {
            model.fail(thrown);
        }
    }
}
