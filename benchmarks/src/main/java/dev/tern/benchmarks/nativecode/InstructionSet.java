package dev.tern.benchmarks.nativecode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the native layers are compiled for. */
public enum InstructionSet {
    /** 512-bit vectors with a popcount, 8-bit dot products and byte permutations. */
    AVX512("c-avx512", 512, "-march=native", "avx512f", "avx512bw", "avx512vl", "avx512dq", "avx512_vpopcntdq",
            "avx512_vnni", "avx512vbmi"),
    /** 256-bit vectors; popcounts by look-up of half bytes, dot products by way of 16 bits. */
    AVX2("c-avx2", 256, "-march=haswell", "avx2", "fma");

    private final String id;
    private final int bits;
    private final String flag;
    private final List<String> needed;

    InstructionSet(String id, int bits, String flag, String... needed) {
        this.id = id;
        this.bits = bits;
        this.flag = flag;
        this.needed = List.of(needed);
    }

    /** The contender's name. */
    public String id() {
        return id;
    }

    /** Of its vectors. */
    public int bits() {
        return bits;
    }

    /** What tells the compiler. */
    public String flag() {
        return flag;
    }

    /** Which of the needed features the processor lacks; empty where it has all. */
    public Optional<String> lacking() {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return Optional.of("no /proc/cpuinfo tells what the processor has");
        }
        try (var lines = Files.lines(info)) {
            return lacking(lines.filter(line -> line.startsWith("flags")).findFirst().orElse(""));
        } catch (IOException e) {
            return Optional.of("/proc/cpuinfo cannot be read: " + e.getMessage());
        }
    }

    /** @param flags as a line of /proc/cpuinfo, in which some kernels leave several blanks where a name is missing */
    Optional<String> lacking(String flags) {
        Set<String> there = new HashSet<>(List.of(flags.substring(flags.indexOf(':') + 1).strip().split("\\s+")));
        List<String> lacking = needed.stream().filter(feature -> !there.contains(feature)).toList();
        return lacking.isEmpty()
                ? Optional.empty()
                : Optional.of("the processor lacks " + String.join(", ", lacking));
    }
}
