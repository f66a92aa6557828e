package dev.tern.compiler.footprint;

import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.StoredConstants;
import dev.tern.runtime.layout.PackedCodes;
import java.util.List;

/**
 * What a model takes on a device that has its class and its weight file in flash and an arena in memory.
 *
 * @param codes bytes of the weights' codes, packed at their bits
 * @param tables bytes of all other arrays of the weight file: scales, thresholds, sums of weights, weights in f32
 * @param code bytes of the class file; of one for small JVMs, which has its weights in it, what is left of it beside
 *        codes and tables, the seventh with it by which these grow as text
 * @param arrays the arrays of the weight file, the greatest first
 * @param arena what a session of one thread takes
 * @param state bytes that a stream keeps beside it from frame to frame
 */
public record Footprint(long codes, long tables, long code, List<Stored> arrays, Arena arena, long state) {
    public Footprint {
        arrays = List.copyOf(arrays);
    }

    /**
     * An array of the weight file.
     *
     * @param codes whether it holds codes of weights
     */
    public record Stored(String name, boolean codes, long bytes) {
    }

    /** @param code bytes of the class that was made of the program */
    public static Footprint of(KernelProgram program, long code) {
        List<Stored> arrays = new StoredConstants(List.of(program)).entries().stream()
                .map(entry -> new Stored(entry.name(), entry.array() instanceof PackedCodes, entry.bytes()))
                .sorted((a, b) -> Long.compare(b.bytes(), a.bytes())).toList();
        long codes = arrays.stream().filter(Stored::codes).mapToLong(Stored::bytes).sum();
        long all = arrays.stream().mapToLong(Stored::bytes).sum();
        return new Footprint(codes, all - codes, code, arrays, Arena.of(program), program.stateBytes());
    }

    /** What a session takes. */
    public long memory() {
        return arena.bytes() + state;
    }

    /** What the weight file's arrays take: codes and tables, for which a budget of flash is. */
    public long weights() {
        return codes + tables;
    }

    /** What the weight file's arrays and the class take together. */
    public long flash() {
        return weights() + code;
    }
}
