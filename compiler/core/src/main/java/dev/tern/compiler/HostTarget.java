package dev.tern.compiler;

import dev.tern.compiler.target.Target;
import dev.tern.runtime.Variant;
import java.util.ArrayList;
import java.util.List;

/**
 * What this JVM runs best, and why.
 *
 * @param atOnce whether that runs from the first inference on; else plain loops run until vector code is compiled and
 *        measured faster
 * @param reason one line, for people
 */
public record HostTarget(Target target, boolean atOnce, String reason) {
    /** The system property that overrides the choice: {@code portable}, or the bits of a vector. */
    public static final String PROPERTY = Variant.PROPERTY;
    private static final int NARROWEST = 128;

    /** What classes that were compiled ahead of time choose as well. */
    public static HostTarget find() {
        Variant variant = Variant.ofThisJvm();
        return new HostTarget(new Target(variant.vectorBits()), variant.asked(), variant.reason());
    }

    /** Every target that this JVM has the vectors for, plain loops first, then the widest. */
    public static List<Target> runnable() {
        int widest = find().target().vectorBits();
        List<Target> targets = new ArrayList<>(List.of(Target.PORTABLE));
        for (int bits = widest; bits >= NARROWEST; bits /= 2) {
            targets.add(new Target(bits));
        }
        return targets;
    }

    /** The same, and the class for small JVMs, which any JVM runs. */
    public static List<Target> verifiable() {
        List<Target> targets = runnable();
        targets.add(Target.EDGE);
        return targets;
    }

    /** The same with a target that makes codes by integers alone, from the first inference on. */
    public HostTarget withIntegers() {
        return of(target.withIntegers(), reason);
    }

    /** A target that runs from the first inference on. */
    public static HostTarget of(Target target, String reason) {
        return new HostTarget(target, true, reason);
    }

    /** Plain loops, for whatever JVM a class is written. */
    public static HostTarget portable(String reason) {
        return of(Target.PORTABLE, reason);
    }
}
