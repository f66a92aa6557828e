package dev.tern.compiler.target;

import java.util.List;

/**
 * What a class is generated for.
 *
 * @param vectorBits the width of the vectors it is written with through the Vector API; 0 for plain loops, which run
 *        anywhere and are turned into vector code by the JIT compiler where it can
 */
public record Target(int vectorBits) {
    /** Plain loops, for Java 17 and later. */
    public static final Target PORTABLE = new Target(0);
    /** Targets with vectors for which a class has code if nothing else is asked for, the widest first. */
    public static final List<Target> VECTORS = List.of(new Target(512), new Target(256));

    public Target {
        if (vectorBits != 0 && vectorBits != 128 && vectorBits != 256 && vectorBits != 512) {
            throw new IllegalArgumentException("no code for vectors of " + vectorBits + " bits");
        }
    }

    /** The Vector API with vectors of 128, 256 or 512 bits. */
    public static Target vector(int bits) {
        return new Target(bits);
    }

    public boolean vector() {
        return vectorBits > 0;
    }

    /** Accumulators (or f32 values) in a vector. */
    public int lanes() {
        return vectorBits / Integer.SIZE;
    }

    /** {@code portable}, {@code vector 512}. */
    @Override
    public String toString() {
        return vector() ? "vector " + vectorBits : "portable";
    }
}
