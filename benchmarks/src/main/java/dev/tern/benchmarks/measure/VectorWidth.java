package dev.tern.benchmarks.measure;

import dev.tern.benchmarks.onnx.Avx2Runtime;
import java.util.ArrayList;
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

    /** Whether this process takes a copy of ONNX Runtime's library that is held to the same vectors. */
    public boolean narrowsOnnxRuntime() {
        return this == BITS_256 && System.getProperty(Avx2Runtime.PROPERTY) != null;
    }

    /** What a report has to say of it. */
    public String inWords() {
        if (this == WIDEST) {
            return "";
        }
        return ". JVMs are held to vectors of " + bits + " bits" + (narrowsOnnxRuntime()
                ? ", ONNX Runtime to AVX2 (in a copy of its library that finds no more); other libraries of native code"
                        + " are not"
                : "; libraries of native code are not");
    }

    /** What holds a JVM of Java 17 or later to it. */
    List<String> flags() {
        return flags;
    }

    /** What every process is started with, whoever runs in it. */
    public List<String> jvmFlags() {
        List<String> all = new ArrayList<>(Forks.FLAGS);
        all.addAll(flags);
        return all;
    }
}
