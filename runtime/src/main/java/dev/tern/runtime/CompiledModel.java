package dev.tern.runtime;

import java.io.InputStream;
import java.lang.invoke.MethodHandle;
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

    private CompiledModel(Weights weights, Supplier<? extends Session> sessions) {
        this.weights = Objects.requireNonNull(weights, "weights");
        this.sessions = Objects.requireNonNull(sessions, "sessions");
    }

    /**
     * A model from its parts.
     *
     * @param sessions gives a new session at each call
     */
    public static CompiledModel of(Weights weights, Supplier<? extends Session> sessions) {
        return new CompiledModel(weights, sessions);
    }

    /**
     * The model of a generated class whose weights lie in a resource beside it; called once, by the class's
     * initialiser.
     *
     * @param owner a full-power lookup on the class, which has a constructor without parameters
     * @param resource the weight file as the class's own {@code getResourceAsStream} gives it (that call must stand in
     *        the class itself, to find the file inside a named module too); null is reported as missing; it is closed
     * @param name the resource's name, for messages
     * @param checksum the checksum of the weight file that was written with the class
     * @throws WeightFileException if the file is missing, damaged, or not the one that was written with the class
     */
    public static CompiledModel load(MethodHandles.Lookup owner, InputStream resource, String name, int checksum) {
        return new CompiledModel(WeightFile.read(resource, name, checksum), constructor(owner));
    }

    /**
     * The same for a class that has more than one form of the model's code, each with a weight file of its own.
     *
     * @param variant which form it chose, and why; its reason takes the place of what the weight file's signature says
     * @throws WeightFileException if the file is missing, damaged, or not the one that was written with the class
     */
    public static CompiledModel load(MethodHandles.Lookup owner, Variant variant, InputStream resource, String name,
            int checksum) {
        Weights weights = WeightFile.read(resource, name, checksum).because(variant.reason());
        return new CompiledModel(weights, constructor(owner));
    }

    /**
     * The model of a hidden class whose class data is its {@link Weights}; called once, by the class's initialiser.
     *
     * @param owner a full-power lookup on the class, which has a constructor without parameters
     * @throws IllegalArgumentException if the class has no such class data
     */
    public static CompiledModel ofClassData(MethodHandles.Lookup owner) {
        try {
            Weights weights = MethodHandles.classData(owner, "_", Weights.class);
            if (weights == null) {
                throw new IllegalArgumentException(owner.lookupClass() + " has no class data");
            }
            return new CompiledModel(weights, constructor(owner));
        } catch (IllegalAccessException | ClassCastException e) {
            throw new IllegalArgumentException(owner.lookupClass() + " has no weights as class data", e);
        }
    }

    private static Supplier<Session> constructor(MethodHandles.Lookup owner) {
        if (!Session.class.isAssignableFrom(owner.lookupClass())) {
            throw new IllegalArgumentException(owner.lookupClass() + " is not a session");
        }
        MethodHandle handle;
        try {
            handle = owner.findConstructor(owner.lookupClass(), MethodType.methodType(void.class))
                    .asType(MethodType.methodType(Session.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(owner.lookupClass() + " has no constructor without parameters", e);
        }
        return () -> {
            try {
                return (Session) handle.invokeExact();
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        };
    }

    /** What the model takes, gives and is made of. */
    public Signature signature() {
        return weights.signature();
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
        return sessions.get();
    }

    /**
     * A new session whose inferences several threads work at, for one calling thread at a time; to be closed after use.
     * With one thread it is {@link #newSession()}.
     */
    public Session newSession(Parallelism parallelism) {
        Session session = newSession();
        if (parallelism.threads() > 1) {
            session.hire(parallelism.threads() - 1, weights.arena().work());
        }
        return session;
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
