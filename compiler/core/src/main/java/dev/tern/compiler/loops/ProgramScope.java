package dev.tern.compiler.loops;

import dev.tern.compiler.code.Callee;
import dev.tern.compiler.code.Routine;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantArray;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.runtime.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Code under construction: the program that it runs, the data it reads, its kernels' routines. */
public final class ProgramScope {
    /** Bytes of the narrowest vector that there is. */
    static final int LEAST_BYTES = 8;

    private final KernelProgram program;
    private final RoutineLimit limit;
    private final List<BufferId> outside;
    private final List<Routine> routines = new ArrayList<>();
    private final Set<ConstantId> wide = new HashSet<>();
    private final Set<ConstantId> segments = new HashSet<>();
    private final Set<Rows> rows = new LinkedHashSet<>();
    private final Set<Panels> panels = new LinkedHashSet<>();
    private final Set<WindowOffsets> offsets = new LinkedHashSet<>();
    private final List<byte[]> literals = new ArrayList<>();

    /** @param limit of the routines that are worth writing */
    public ProgramScope(KernelProgram program, RoutineLimit limit) {
        this.program = program;
        this.limit = limit;
        this.outside = program.outside();
    }

    public KernelProgram program() {
        return program;
    }

    /** The inputs and outputs that lie outside of the arena. */
    public List<BufferId> outside() {
        return outside;
    }

    /** The name of the model's file without its folders, so that a model compiled elsewhere gives the same bytes. */
    public String sourceFile() {
        return program.source().substring(Math.max(program.source().lastIndexOf('/'), program.source()
                .lastIndexOf('\\')) + 1);
    }

    /** Code of the same program that is never emitted, to see how large a routine comes out. */
    ProgramScope trial() {
        return new ProgramScope(program, limit);
    }

    /** What has been written so far. */
    public List<Routine> routines() {
        return routines;
    }

    /** Whether each routine so far is small enough. */
    boolean withinLimit() {
        return withinLimit(1);
    }

    /** The same of a share of what is small enough. */
    boolean withinLimit(double share) {
        return routines.stream().allMatch(routine -> limit.holds(routine, share));
    }

    /**
     * Begins a routine of a kernel; it takes the arrays that the kernel touches, the same for all its
     * routines, and then the named ints.
     *
     * @param suffix which part of the kernel, empty for the routine that runs it; set off by a dollar sign, which no
     *        kernel's name has, so that routines cannot clash
     */
    RoutineScope routine(Kernel kernel, String suffix, String... parameters) {
        String name = suffix.isEmpty() ? kernel.name() : kernel.name() + "$" + suffix;
        RoutineScope scope = new RoutineScope(this, name, arrays(kernel), List.of(parameters));
        if (kernel.origin().position() instanceof SourceSpan span) {
            scope.body().atLine(span.line());
        }
        return scope;
    }

    /** What all routines of a kernel take. */
    KernelArrays arrays(Kernel kernel) {
        return KernelArrays.of(program, outside, kernel);
    }

    /** Adds a routine that fills equal parts of a buffer with these values. */
    Callee filled(Kernel kernel, BufferId output, Value... values) {
        RoutineScope scope = routine(kernel, "begin" + output.index());
        int part = program.buffer(output).length() / values.length;
        for (int i = 0; i < values.length; i++) {
            Value value = values[i];
            scope.body().loop(scope.fresh("i"), i * part, (i + 1) * part,
                    (loop, element) -> loop.store(scope.element(output, element), value));
        }
        return scope.end();
    }

    Callee add(Routine routine) {
        routines.add(routine);
        return routine.callee();
    }

    /** What holds a constant array. */
    public Value.Global field(ConstantId id) {
        return new Value.Global("W" + id.index(), type(program.constant(id)));
    }

    /** What holds a constant array of floats as doubles. */
    public Value.Global wideField(ConstantId id) {
        wide.add(id);
        return new Value.Global("V" + id.index(), ValueType.DOUBLES);
    }

    /** The constants that the routines so far have asked for in a wider type, in order. */
    public List<ConstantId> wide() {
        return wide.stream().sorted(Comparator.comparingInt(ConstantId::index)).toList();
    }

    /**
     * A constant array [k][channel] as an array for each k: bytes as ints or floats, or floats. C2 makes vector code
     * of a loop that reads and writes arrays of one type where both are other arrays, and none where one may begin
     * anywhere in the other.
     *
     * @param repeats how often an array holds the channels, one after the other
     * @param element INT or FLOAT
     */
    public record Rows(ConstantId weights, int channels, int repeats, ValueType.Primitive element) {
    }

    /** What holds weights in rows. */
    public Value.Global rows(Rows key) {
        rows.add(key);
        boolean converted = key.element == ValueType.FLOAT && program.constant(
                key.weights) instanceof ConstantArray.Bytes;
        return new Value.Global("R" + key.weights.index() + "_" + key.channels + (key.repeats > 1
                ? "x" + key.repeats
                : "") + (converted ? "_f32" : ""), new ValueType.RowsOf(key.element));
    }

    /** The rows that the routines so far have asked for, in order. */
    public Set<Rows> rows() {
        return rows;
    }

    /**
     * What holds a constant array in memory outside the heap. It begins at a multiple of 64 bytes, so
     * that no vector lies across two cache lines, which costs a fifth of the speed.
     */
    public Value.Global segmentField(ConstantId id) {
        segments.add(id);
        return new Value.Global("S" + id.index(), ValueType.MEMORY);
    }

    /** The constants that the routines so far have asked for outside the heap, in order. */
    public List<ConstantId> segments() {
        return segments.stream().sorted(Comparator.comparingInt(ConstantId::index)).toList();
    }

    /** What panels of weights hold. */
    public enum PanelForm {
        /** Weights as f32. */
        FLOATS,
        /** Codes as they are, in bytes. */
        CODES,
        /** In ints the upper halves of two vectors' weights as f32. */
        HALVES,
        /** In ints the pairs of shorts of neighbouring k. */
        PAIRS,
        /** In ints the shorts of neighbouring channels. */
        SHORTS,
        /** In ints two channels in the bytes of each short. */
        BYTES
    }

    /**
     * A constant array [k][channel] in panels.
     *
     * @param width channels of a panel
     * @param together of PAIRS how many of k lie beside each other in the input and make pairs; of BYTES and
     *        HALVES how many lanes of 32 bits a vector has; 0 of others
     */
    public record Panels(ConstantId weights, int channels, int width, PanelForm form, int together) {
    }

    /** What holds weights in panels. */
    public Value.Global panels(Panels key) {
        panels.add(key);
        String name = "P" + key.weights.index() + "_" + key.channels + "_" + key.width;
        return switch (key.form) {
            case FLOATS -> new Value.Global(name, ValueType.FLOATS);
            case CODES -> new Value.Global(name + "_codes", ValueType.BYTES);
            case HALVES -> new Value.Global(name + "_halves" + key.together, ValueType.INTS);
            case PAIRS -> new Value.Global(name + "_" + key.together, ValueType.INTS);
            case SHORTS -> new Value.Global(name + "_shorts", ValueType.INTS);
            case BYTES -> new Value.Global(name + "_bytes" + key.together, ValueType.INTS);
        };
    }

    /** The panels that the routines so far have asked for, in order. */
    public Set<Panels> panels() {
        return panels;
    }

    /** How far the values of a window are from its first; see {@link Weights#windowOffsets}. */
    public record WindowOffsets(int lines, int lineDistance, int pixels, int pixelDistance, int values) {
        /** Whether each is one further than the one before. */
        boolean consecutive() {
            return consecutiveInLines() && (lines == 1 || lineDistance == pixels * values);
        }

        /** Whether each is one further than the one before in its line. */
        boolean consecutiveInLines() {
            return pixels == 1 || pixelDistance == values;
        }
    }

    /** What holds offsets. */
    public Value.Global offsets(WindowOffsets key) {
        offsets.add(key);
        return new Value.Global("O" + offsets.stream().takeWhile(other -> !other.equals(key)).count(),
                ValueType.INTS);
    }

    /** The offsets that the routines so far have asked for, in order. */
    public Set<WindowOffsets> offsets() {
        return offsets;
    }

    /** What holds these bytes. */
    Value.Global literal(byte[] bytes) {
        int index = IntStream.range(0, literals.size()).filter(i -> Arrays.equals(literals.get(i), bytes)).findFirst()
                .orElse(literals.size());
        if (index == literals.size()) {
            literals.add(bytes);
        }
        return literalField(index);
    }

    public Value.Global literalField(int index) {
        return new Value.Global("L" + index, ValueType.BYTES);
    }

    /** The bytes that the routines so far have asked for. */
    public List<byte[]> literals() {
        return literals;
    }

    /**
     * The same of kernels that read or write bytes: the Vector API has no vector of fewer than eight, so that where
     * fewer channels make a vector they are taken one by one.
     */
    Lanes lanesOfBytes() {
        return lanes().count() < LEAST_BYTES ? Lanes.ONE : lanes();
    }

    /** What bits are packed in. */
    WordValues words() {
        return new WordValues(program.target().word());
    }

    /** How many channels the target's vectors hold. */
    Lanes lanes() {
        return program.target().vector() ? new Lanes(program.target().lanes()) : Lanes.ONE;
    }

    private static ValueType type(ConstantArray array) {
        return switch (array) {
            case ConstantArray.Longs _ -> ValueType.LONGS;
            case ConstantArray.Ints _ -> ValueType.INTS;
            case ConstantArray.Floats _ -> ValueType.FLOATS;
            case ConstantArray.Bytes _ -> ValueType.BYTES;
        };
    }
}
