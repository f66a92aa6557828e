package dev.tern.runtime;

import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A compiled model: immutable, shared by all threads. Its sessions do the work.
 *
 * <pre>{@code
 * CompiledModel model = Digits.model();            // a class generated at build time
 * Session session = model.newSession();            // one per thread
 * float[] scores = session.run(pixels);
 * }</pre>
 */
public final class CompiledModel {
    private final Weights weights;
    private final Supplier<? extends Session> sessions;
    /** The way to another form of the code; null where there is one. */
    private final WarmUp warmUp;

    private CompiledModel(Weights weights, Supplier<? extends Session> sessions, WarmUp warmUp) {
        this.weights = Objects.requireNonNull(weights, "weights");
        this.sessions = Objects.requireNonNull(sessions, "sessions");
        this.warmUp = warmUp;
    }

    /**
     * A model from its parts.
     *
     * @param sessions gives a new session at each call
     */
    public static CompiledModel of(Weights weights, Supplier<? extends Session> sessions) {
        return new CompiledModel(weights, sessions, null);
    }

    /**
     * This model, which is in plain loops, with vector code beside it that gives the same bits. Sessions begin with
     * plain loops and change over when vector code is compiled and measured faster, see {@link #warm()}.
     *
     * @param vectorBits the width of its vectors
     * @param vector gives the same model in vector code; asked for once, when plain loops are warm
     * @return a model of its own, which this one and the other do not know: when nobody uses it any more, nothing is
     *         warmed
     */
    public CompiledModel changingTo(int vectorBits, Supplier<CompiledModel> vector) {
        return new CompiledModel(weights, sessions, new WarmUp(weights, sessions, vectorBits, vector));
    }

    /**
     * The model of a generated class whose weights lie in a resource beside it; called once, by the class's
     * initialiser.
     *
     * @param prototype a session of the class, made while it has no model: it gives others
     * @param resource the weight file as {@link WeightFile#beside} gives it, or where that is null the class's own
     *        {@code getResourceAsStream} (that call must stand in the class itself, to find the file inside a named
     *        module too); null is reported as missing; it is closed
     * @param name the resource's name, for messages
     * @param checksum the checksum of the weight file that was written with the class
     * @param form which of the file's forms is the class's, from 0
     * @throws WeightFileException if the file is missing, damaged, or not the one that was written with the class
     */
    public static CompiledModel load(Session prototype, InputStream resource, String name, int checksum, int form) {
        return new CompiledModel(WeightFile.read(resource, name, checksum, form), new Others(prototype), null);
    }

    /**
     * The same for a class of plain loops, the first form, that has classes with vector code beside it,
     * {@code Digits$Vector512}, each with a form of its own in the same weight file. Where vector code was asked for,
     * it runs from the first inference on.
     *
     * @param owner a full-power lookup on the class, by which the others are found
     * @param variant which form is the best here, and why
     * @throws WeightFileException if a file that is needed now is missing, damaged, or not the one that was written
     *         with the class
     */
    public static CompiledModel load(Session prototype, MethodHandles.Lookup owner, Variant variant,
            InputStream resource, String name, int checksum) {
        Weights weights = WeightFile.read(resource, name, checksum, 0).because(variant.reason());
        Supplier<Session> sessions = new Others(prototype);
        if (variant.vectorBits() == 0) {
            return new CompiledModel(weights, sessions, null);
        }
        WarmUp warmUp = new WarmUp(weights, sessions, variant.vectorBits(), new VectorForm(owner, variant));
        if (variant.asked()) {
            warmUp.changeNow(variant.reason());
        }
        return new CompiledModel(weights, sessions, warmUp);
    }

    /** The class with vector code beside a class of plain loops. No lambda: a JVM needs milliseconds for its first. */
    private static final class VectorForm implements Supplier<CompiledModel> {
        private final MethodHandles.Lookup owner;
        private final Variant variant;

        VectorForm(MethodHandles.Lookup owner, Variant variant) {
            this.owner = owner;
            this.variant = variant;
        }

        @Override
        public CompiledModel get() {
            try {
                Class<?> form = owner.findClass(owner.lookupClass().getName() + "$Vector" + variant.vectorBits());
                return (CompiledModel) owner.findStatic(form, "model", MethodType.methodType(CompiledModel.class))
                        .invoke();
            } catch (ExceptionInInitializerError e) {
                if (e.getCause() instanceof RuntimeException) {
                    throw (RuntimeException) e.getCause();
                }
                throw e;
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** New sessions of a class. No lambda, as above, and no handle on a constructor, which takes as long. */
    private static final class Others implements Supplier<Session> {
        private final Session prototype;

        Others(Session prototype) {
            this.prototype = prototype;
        }

        @Override
        public Session get() {
            return prototype.another();
        }
    }

    /**
     * The model of a hidden class whose class data is its {@link Weights}; called once, by the class's initialiser.
     *
     * @param prototype a session of the class, made while it has no model: it gives others
     * @param owner a full-power lookup on the class
     * @throws IllegalArgumentException if the class has no such class data
     */
    public static CompiledModel ofClassData(Session prototype, MethodHandles.Lookup owner) {
        try {
            Weights weights = MethodHandles.classData(owner, "_", Weights.class);
            if (weights == null) {
                throw new IllegalArgumentException(owner.lookupClass() + " has no class data");
            }
            return new CompiledModel(weights, new Others(prototype), null);
        } catch (IllegalAccessException | ClassCastException e) {
            throw new IllegalArgumentException(owner.lookupClass() + " has no weights as class data", e);
        }
    }

    /** What the model takes, gives and is made of; its variant and sizes are those of the form that runs now. */
    public Signature signature() {
        return warmUp == null ? weights.signature() : warmUp.signature();
    }

    /**
     * Waits until vector code is compiled, and measured faster than plain loops or not: for those who want its speed,
     * and no allocation of another thread, from their first call on. Takes some seconds, a minute at most. Sessions
     * need not wait: they begin with plain loops, and a thread of low priority, one in a JVM, does the same after a
     * model's first hundred inferences or five seconds. That thread is not started where the JVM has one processor or
     * by {@code -Dtern.warm=off}; then this method does its work, on the thread that calls, and plain loops run until
     * it is called.
     *
     * @return what was found; if the calling thread is interrupted, what is known by then
     */
    public Warming warm() {
        return warmUp == null ? Warming.NONE : warmUp.await();
    }

    /** How far the model is with the change from plain loops to vector code. */
    public Warming warming() {
        return warmUp == null ? Warming.NONE : warmUp.warming();
    }

    /** The way to another form of the code; null where there is one. */
    WarmUp warmUp() {
        return warmUp;
    }

    /** The weights, for the generated class, which keeps their arrays in {@code static final} fields. */
    public Weights weights() {
        return weights;
    }

    /**
     * A new session with working memory of its own ({@link Signature#arenaBytes()} bytes), for one thread at a time.
     * Costs that allocation and no more.
     */
    public Session newSession() {
        CompiledModel vector = warmUp == null ? null : warmUp.vector();
        if (vector != null) {
            return vector.newSession();
        }
        Session session = sessions.get();
        session.join(warmUp);
        return session;
    }

    /**
     * A new session whose inferences several threads work at, for one calling thread at a time; to be closed after use.
     * With one thread it is {@link #newSession()}.
     */
    public Session newSession(Parallelism parallelism) {
        Session session = newSession();
        if (parallelism.threads() > 1) {
            session.hire(parallelism.threads() - 1);
        }
        return session;
    }

    /**
     * A new stream, for a model that takes frames: {@code frame: f32[40] over 30}.
     *
     * @throws IllegalArgumentException if the model is of no stream
     */
    public Stream newStream() {
        return new Stream(this);
    }

    /**
     * A pool of sessions for any number of threads.
     *
     * @param sessions how many at most, 1 or more; as many as there are processors is a good choice
     */
    public SessionPool pool(int sessions) {
        return new SessionPool(this, sessions);
    }

    /** The signature as text. */
    @Override
    public String toString() {
        return signature().toString();
    }
}
