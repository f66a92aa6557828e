package dev.tern.compiler.target;

import java.util.List;

/**
 * What a class is generated for.
 *
 * @param word what bits are packed in; code with vectors has words of 64 bits
 * @param vectorBits the width of the vectors it is written with through the Vector API; 0 for plain loops, which run
 *        anywhere and are turned into vector code by the JIT compiler where it can
 * @param javaRelease the oldest Java that runs the class
 * @param integers whether codes are made of accumulators by integers alone, which is a conversion: not all codes are
 *        those of the other targets
 */
public record Target(Word word, int vectorBits, int javaRelease, boolean integers) {
    /** Plain loops, for Java 17 and later. */
    public static final Target PORTABLE = new Target(0);
    /**
     * Small JVMs, also without a JIT compiler, on machines of 32 bits: one class for Java 8 that needs
     * {@code java.lang} alone.
     */
    public static final Target EDGE = new Target(Word.BITS_32, 0, 8, false);
    /** The same without floating point between codes. */
    public static final Target EDGE_INTEGERS = new Target(Word.BITS_32, 0, 8, true);
    /** Targets with vectors for which a class has code if nothing else is asked for, the widest first. */
    public static final List<Target> VECTORS = List.of(new Target(512), new Target(256));

    public Target {
        if (vectorBits != 0 && vectorBits != 128 && vectorBits != 256 && vectorBits != 512) {
            throw new IllegalArgumentException("no code for vectors of " + vectorBits + " bits");
        }
        if (javaRelease != 17 && (javaRelease != 8 || vectorBits != 0)) {
            throw new IllegalArgumentException("no code with vectors of " + vectorBits + " bits for Java "
                    + javaRelease);
        }
        if (vectorBits != 0 && word != Word.BITS_64) {
            throw new IllegalArgumentException("no code with vectors of words of " + word.bits() + " bits");
        }
    }

    /** A target with words of 64 bits whose classes need Java 17. */
    public Target(int vectorBits) {
        this(Word.BITS_64, vectorBits, 17, false);
    }

    /** The Vector API with vectors of 128, 256 or 512 bits. */
    public static Target vector(int bits) {
        return new Target(bits);
    }

    /** The same with codes that are made of accumulators by integers alone. */
    public Target withIntegers() {
        return new Target(word, vectorBits, javaRelease, true);
    }

    /** The same with codes that are made as the numerics say, whose products are computed alike. */
    public Target withoutIntegers() {
        return new Target(word, vectorBits, javaRelease, false);
    }

    /** Plain loops that give the same bits. */
    public Target plain() {
        return new Target(word, 0, javaRelease, integers);
    }

    /** Whether it is for small JVMs. */
    public boolean edge() {
        return javaRelease == 8;
    }

    public boolean vector() {
        return vectorBits > 0;
    }

    /**
     * Whether loops are written for a JIT compiler that turns them into vector code. For others what is small and
     * integer is better: codes are multiplied as ints, nothing is kept in a wider form, and of the ways to compute
     * a product the smallest is taken.
     */
    public boolean vectorized() {
        return !edge();
    }

    /** Accumulators (or f32 values) in a vector. */
    public int lanes() {
        return vectorBits / Integer.SIZE;
    }

    /** {@code portable}, {@code edge}, {@code edge integers}, {@code vector 512}, {@code portable of 32 bits}. */
    @Override
    public String toString() {
        String name = vector() ? "vector " + vectorBits : edge() ? "edge" : "portable";
        Word usual = edge() ? Word.BITS_32 : Word.BITS_64;
        return name + (integers ? " integers" : "") + (word == usual ? "" : " of " + word.bits() + " bits");
    }
}
