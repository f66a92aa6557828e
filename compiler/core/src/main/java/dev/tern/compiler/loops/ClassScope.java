package dev.tern.compiler.loops;

import dev.tern.compiler.bytecode.Callee;
import dev.tern.compiler.bytecode.JvmType;
import dev.tern.compiler.bytecode.MethodDefinition;
import dev.tern.compiler.bytecode.Value;
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

/** A class under construction: the program it runs, its weight fields, its kernels' methods. */
public final class ClassScope {
    /** Bytes of the narrowest vector that there is. */
    static final int LEAST_BYTES = 8;

    private final KernelProgram program;
    private final JvmType.ClassType name;
    private final List<BufferId> outside;
    private final List<MethodDefinition> methods = new ArrayList<>();
    private final Set<ConstantId> wide = new HashSet<>();
    private final Set<ConstantId> segments = new HashSet<>();
    private final Set<Panels> panels = new LinkedHashSet<>();
    private final Set<WindowOffsets> offsets = new LinkedHashSet<>();
    private final List<byte[]> literals = new ArrayList<>();

    public ClassScope(KernelProgram program, JvmType.ClassType name) {
        this.program = program;
        this.name = name;
        this.outside = program.outside();
    }

    public KernelProgram program() {
        return program;
    }

    /** The inputs and outputs that lie outside of the arena. */
    public List<BufferId> outside() {
        return outside;
    }

    public JvmType.ClassType name() {
        return name;
    }

    /** The name of the model's file without its folders, so that a model compiled elsewhere gives the same bytes. */
    public String sourceFile() {
        return program.source().substring(Math.max(program.source().lastIndexOf('/'), program.source()
                .lastIndexOf('\\')) + 1);
    }

    /** A class of the same program that is never emitted, to see how large a method comes out. */
    ClassScope trial() {
        return new ClassScope(program, name);
    }

    public List<MethodDefinition> methods() {
        return methods;
    }

    /**
     * Begins a static method of a kernel; it takes the arrays that the kernel touches, the same for all its
     * methods, and then the named ints.
     *
     * @param suffix which part of the kernel, empty for the method that runs it; set off by a dollar sign, which no
     *        kernel's name has, so that methods cannot clash
     */
    MethodScope method(Kernel kernel, String suffix, String... parameters) {
        String method = suffix.isEmpty() ? kernel.name() : kernel.name() + "$" + suffix;
        MethodScope scope = new MethodScope(this, method, KernelArrays.of(program, outside, kernel), List.of(
                parameters));
        if (kernel.origin().position() instanceof SourceSpan span) {
            scope.body().atLine(span.line());
        }
        return scope;
    }

    Callee add(MethodDefinition method) {
        methods.add(method);
        return Callee.of(name, method);
    }

    /** The static field that holds a constant array. */
    public Value.Field field(ConstantId id) {
        return new Value.Field(name, "W" + id.index(), type(program.constant(id)), true);
    }

    /** The static field that holds a constant array in a wider type: bytes as floats, floats as doubles. */
    public Value.Field wideField(ConstantId id) {
        wide.add(id);
        JvmType type = program.constant(id) instanceof ConstantArray.Bytes ? JvmType.FLOATS : JvmType.DOUBLES;
        return new Value.Field(name, "V" + id.index(), type, true);
    }

    /** The constants that the methods so far have asked for in a wider type, in order. */
    public List<ConstantId> wide() {
        return wide.stream().sorted(Comparator.comparingInt(ConstantId::index)).toList();
    }

    /**
     * The static field that holds a constant array in memory outside the heap. It begins at a multiple of 64 bytes, so
     * that no vector lies across two cache lines, which costs a fifth of the speed.
     */
    public Value.Field segmentField(ConstantId id) {
        segments.add(id);
        return new Value.Field(name, "S" + id.index(), JvmType.SEGMENT, true);
    }

    /** The constants that the methods so far have asked for outside the heap, in order. */
    public List<ConstantId> segments() {
        return segments.stream().sorted(Comparator.comparingInt(ConstantId::index)).toList();
    }

    /** A constant array [k][channel] as floats in panels. @param width channels of a panel */
    public record Panels(ConstantId weights, int channels, int width) {
    }

    /** The static field that holds weights in panels. */
    public Value.Field panels(Panels key) {
        panels.add(key);
        return new Value.Field(name, "P" + key.weights.index() + "_" + key.channels + "_" + key.width, JvmType.FLOATS,
                true);
    }

    /** The panels that the methods so far have asked for, in order. */
    public Set<Panels> panels() {
        return panels;
    }

    /** How far the values of a window are from its first; see {@link Weights#windowOffsets}. */
    public record WindowOffsets(int lines, int lineDistance, int pixels, int pixelDistance, int values) {
        /** Whether each is one further than the one before. */
        boolean consecutive() {
            return (pixels == 1 || pixelDistance == values) && (lines == 1 || lineDistance == pixels * values);
        }
    }

    /** The static field that holds offsets. */
    public Value.Field offsets(WindowOffsets key) {
        offsets.add(key);
        return new Value.Field(name, "O" + offsets.stream().takeWhile(other -> !other.equals(key)).count(),
                JvmType.INTS, true);
    }

    /** The offsets that the methods so far have asked for, in order. */
    public Set<WindowOffsets> offsets() {
        return offsets;
    }

    /** The static field that holds these bytes. */
    Value.Field literal(byte[] bytes) {
        int index = IntStream.range(0, literals.size()).filter(i -> Arrays.equals(literals.get(i), bytes)).findFirst()
                .orElse(literals.size());
        if (index == literals.size()) {
            literals.add(bytes);
        }
        return literalField(index);
    }

    public Value.Field literalField(int index) {
        return new Value.Field(name, "L" + index, JvmType.BYTES, true);
    }

    /** The bytes that the methods so far have asked for. */
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

    /** How many channels the target's vectors hold. */
    Lanes lanes() {
        return program.target().vector() ? new Lanes(program.target().lanes()) : Lanes.ONE;
    }

    private static JvmType type(ConstantArray array) {
        return switch (array) {
            case ConstantArray.Longs _ -> JvmType.LONGS;
            case ConstantArray.Ints _ -> JvmType.INTS;
            case ConstantArray.Floats _ -> JvmType.FLOATS;
            case ConstantArray.Bytes _ -> JvmType.BYTES;
        };
    }
}
