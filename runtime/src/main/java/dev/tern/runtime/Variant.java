package dev.tern.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Locale;
import java.util.Objects;

/**
 * Which code of a model runs in a JVM, and why. Models are compiled to plain loops, which run anywhere and are turned
 * into vector instructions by the JIT compiler where it can, and to code that is written with the Vector API, which is
 * faster where its vectors are those of the machine. Both give the same bits.
 *
 * @param vectorBits the width of the vectors; 0 for plain loops
 * @param asked whether {@value #PROPERTY} asks for it: then it runs from the first inference on, else vector code runs
 *        when it is compiled and measured faster ({@link CompiledModel#warm()})
 * @param reason one line, for people
 */
public record Variant(int vectorBits, boolean asked, String reason) {
    /** The system property that overrides the choice: {@code portable}, or the bits of a vector. */
    public static final String PROPERTY = "tern.target";
    private static final String MODULE = "jdk.incubator.vector";
    /** The Vector API is in incubation: code is generated for the one release that it was tested with. */
    private static final int RELEASE = 25;
    /** The widths that code is generated for. A power of two each, so that a sum of them is a set. */
    private static final int WIDTHS = 128 | 256 | 512;

    public Variant {
        Objects.requireNonNull(reason, "reason");
    }

    /**
     * What {@value #PROPERTY} says, else vector code where this JVM has the Vector API and the machine vectors of
     * 128, 256 or 512 bits.
     *
     * @throws IllegalArgumentException if the property is neither {@code portable} nor 128, 256 or 512
     */
    public static Variant ofThisJvm() {
        String wish = System.getProperty(PROPERTY, "").toLowerCase(Locale.ROOT);
        if (wish.equals("portable")) {
            return new Variant(0, true, "asked for by -D" + PROPERTY);
        }
        if (!wish.isEmpty() && !wish.equals("128") && !wish.equals("256") && !wish.equals("512")) {
            throw new IllegalArgumentException("-D" + PROPERTY + "=" + wish
                    + ": expected portable, 128, 256 or 512");
        }
        String missing = missing();
        if (!missing.isEmpty()) {
            return new Variant(0, false, missing);
        }
        if (!wish.isEmpty()) {
            return new Variant(Integer.parseInt(wish), true, "asked for by -D" + PROPERTY);
        }
        int bits = preferredBits();
        return (bits & WIDTHS) != 0
                ? new Variant(bits, false, "the Vector API with vectors of " + bits + " bits")
                : new Variant(0, false,
                        "this machine's vectors have " + bits + " bits, for which there is no vector code");
    }

    /**
     * The same for a class that has vector code of some widths; called by its initialiser.
     *
     * @param widths their sum
     * @throws IllegalArgumentException if the property is neither {@code portable} nor 128, 256 or 512
     */
    public static Variant ofThisJvm(int widths) {
        Variant best = ofThisJvm();
        return best.vectorBits == 0 || (best.vectorBits & widths) != 0
                ? best
                : new Variant(0, false, "the class has no vector code of " + best.vectorBits + " bits");
    }

    /** The module of the Vector API, which vector code needs its own module to read. */
    public static Module vectorModule() {
        Module found = vectorApi();
        if (found == null) {
            throw new IllegalStateException(missing());
        }
        return found;
    }

    /** Null where the JVM was started without it. Not by {@code findModule}, whose lambdas take 10 ms of a new JVM. */
    private static Module vectorApi() {
        for (Module module : ModuleLayer.boot().modules()) {
            if (module.getName().equals(MODULE)) {
                return module;
            }
        }
        return null;
    }

    /** Why vector code cannot run; empty where it can. */
    public static String missing() {
        if (Runtime.version().feature() != RELEASE) {
            return "vector code is for Java " + RELEASE + ", this is Java " + Runtime.version().feature();
        }
        return vectorApi() != null ? "" : "the JVM was started without --add-modules " + MODULE;
    }

    /**
     * This class is for JVMs without the module as well, hence by names. The shape is asked and not a species, which
     * takes the vectors' own classes and tables with it; by handles, since reflection looks at the methods' annotations
     * and makes proxies of them, 25 ms of a new JVM.
     */
    private static int preferredBits() {
        try {
            Class<?> shape = Class.forName(MODULE + ".VectorShape");
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Object preferred = lookup.findStatic(shape, "preferredShape", MethodType.methodType(shape)).invoke();
            return (int) lookup.findVirtual(shape, "vectorBitSize", MethodType.methodType(int.class))
                    .invoke(preferred);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the Vector API of Java " + RELEASE + " has no preferred shape", e);
        }
    }

    /** As a signature writes it: {@code portable}, {@code vector 512}. */
    @Override
    public String toString() {
        return vectorBits == 0 ? "portable" : "vector " + vectorBits;
    }
}
