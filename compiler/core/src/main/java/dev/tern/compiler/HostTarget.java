package dev.tern.compiler;

import dev.tern.compiler.kernel.schedule.Target;
import java.util.Locale;

/**
 * What this JVM runs best, and why.
 *
 * @param reason one line, for people
 */
public record HostTarget(Target target, String reason) {
    /** The system property that overrides the choice: {@code portable}, or the bits of a vector. */
    public static final String PROPERTY = "tern.target";
    private static final String MODULE = "jdk.incubator.vector";
    /** The Vector API is in incubation: code is generated for the one release that it was tested with. */
    private static final int RELEASE = 25;

    /** What the property says, else vector code where the JVM has the Vector API with vectors of 512 bits. */
    public static HostTarget find() {
        String wish = System.getProperty(PROPERTY, "").toLowerCase(Locale.ROOT);
        if (wish.isEmpty()) {
            return ofThisJvm();
        }
        if (wish.equals("portable")) {
            return new HostTarget(Target.PORTABLE, "asked for by -D" + PROPERTY);
        }
        String loaded = missing();
        if (!loaded.isEmpty()) {
            return new HostTarget(Target.PORTABLE, loaded);
        }
        try {
            return new HostTarget(Target.vector(Integer.parseInt(wish)), "asked for by -D" + PROPERTY);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("-D" + PROPERTY + "=" + wish + ": expected portable, 256 or 512");
        }
    }

    private static HostTarget ofThisJvm() {
        String missing = missing();
        if (!missing.isEmpty()) {
            return new HostTarget(Target.PORTABLE, missing);
        }
        int bits = preferredBits();
        return bits == Target.WIDEST
                ? new HostTarget(Target.vector(bits), "the Vector API with vectors of 512 bits")
                : new HostTarget(Target.PORTABLE,
                        "this machine's vectors have " + bits + " bits, for which plain loops are as fast");
    }

    /** Why vector code cannot run; empty where it can. */
    private static String missing() {
        if (Runtime.version().feature() != RELEASE) {
            return "vector code is for Java " + RELEASE + ", this is Java " + Runtime.version().feature();
        }
        return ModuleLayer.boot().findModule(MODULE).isPresent()
                ? ""
                : "the JVM was started without --add-modules " + MODULE;
    }

    /** The module need not be there to compile this class, hence by reflection. */
    private static int preferredBits() {
        try {
            Object species = Class.forName(MODULE + ".IntVector").getField("SPECIES_PREFERRED").get(null);
            return (int) Class.forName(MODULE + ".VectorSpecies").getMethod("vectorBitSize").invoke(species);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the Vector API of Java " + RELEASE + " has no preferred species", e);
        }
    }
}
