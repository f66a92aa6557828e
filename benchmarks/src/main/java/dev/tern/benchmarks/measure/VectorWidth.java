package dev.tern.benchmarks.measure;

import java.util.List;

/** The vectors that JVMs are held to, so that a machine can be timed as one that has no wider ones. */
public enum VectorWidth {
    /** What the processor has. */
    WIDEST(512, "", List.of()),
    /** As on processors with AVX2 alone, without the instructions that came with wider vectors. */
    BITS_256(256, "-256-bits", List.of("-XX:UseAVX=2")),
    /** As NEON has them, but with x86's instructions. */
    BITS_128(128, "-128-bits", List.of("-XX:MaxVectorSize=16"));

    private final int bits;
    private final String suffix;
    private final List<String> flags;

    VectorWidth(int bits, String suffix, List<String> flags) {
        this.bits = bits;
        this.suffix = suffix;
        this.flags = flags;
    }

    /** Whether vectors of so many bits are within it. */
    public boolean holds(int vectorBits) {
        return vectorBits <= bits;
    }

    /** What sets the report's name apart. */
    public String suffix() {
        return suffix;
    }

    /** Of the widest vectors. */
    public int bits() {
        return bits;
    }

    /** What holds a JVM of Java 17 and later to it. */
    public List<String> flags() {
        return flags;
    }
}
