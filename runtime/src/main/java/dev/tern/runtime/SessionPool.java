package dev.tern.runtime;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A number of sessions of one model, shared by any number of threads: a server's. Safe for concurrent use; a thread
 * that comes while all sessions are taken waits for the next, in the order of coming, and a virtual thread lets go of
 * its carrier meanwhile. Sessions are made when they are first needed.
 *
 * <pre>{@code
 * SessionPool pool = Digits.model().pool(Runtime.getRuntime().availableProcessors());
 * float[] scores = pool.run(pixels);                                          // from any thread
 * pool.use(session -> session.run(pixels, scores));                           // several steps with one session
 * }</pre>
 */
public final class SessionPool implements AutoCloseable {
    private final CompiledModel model;
    private final int size;
    private final Semaphore places;
    private final ConcurrentLinkedQueue<Session> idle = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    SessionPool(CompiledModel model, int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a pool of " + size + " sessions");
        }
        this.model = model;
        this.size = size;
        this.places = new Semaphore(size, true);
    }

    /** How many sessions there are at most. */
    public int size() {
        return size;
    }

    /**
     * One inference of a model with one f32 input and one f32 output, see {@link Session#run(float[])}.
     *
     * @throws InputException if the model has other inputs or outputs, or the input is wrong
     * @throws IllegalStateException if the pool is closed, or the thread is interrupted while it waits
     */
    public float[] run(float[] input) {
        return apply(session -> session.run(input));
    }

    /**
     * Works with a session that no other thread has meanwhile. What it throws is passed on, and the session goes on.
     *
     * @param work must not keep the session, nor use the pool
     * @throws IllegalStateException if the pool is closed, or the thread is interrupted while it waits
     */
    public void use(Consumer<? super Session> work) {
        apply(session -> {
            work.accept(session);
            return null;
        });
    }

    /** As {@link #use}, with a result. */
    public <R> R apply(Function<? super Session, ? extends R> work) {
        try {
            places.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a session of " + model, e);
        }
        try {
            if (closed) {
                throw new IllegalStateException("the pool of " + model + " is closed");
            }
            Session session = idle.poll();
            if (session == null) {
                session = model.newSession();
            }
            try {
                return work.apply(session);
            } finally {
                idle.add(session);
            }
        } finally {
            places.release();
        }
    }

    /** Gives no more sessions; those in use end their work first. The pool's memory is free when it returns. */
    @Override
    public void close() {
        closed = true;
        places.acquireUninterruptibly(size);
        try {
            for (Session session = idle.poll(); session != null; session = idle.poll()) {
                session.close();
            }
        } finally {
            places.release(size);
        }
    }
}
