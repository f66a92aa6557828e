package dev.tern.compiler.interpreter;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.kernel.Bank;
import dev.tern.compiler.kernel.Buffer;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.ValueKind;
import java.util.Arrays;
import java.util.List;

/**
 * The memory of one run of a kernel program: one array per bank with the planned offsets, what lies in work arrays
 * behind the rest, or, before the arena is planned, with the buffers one after the other. It starts full of rubbish, so
 * that a read of what was never written shows in the result.
 */
final class KernelArena {
    private static final int RUBBISH = 0x5A5AA5A5;

    private final KernelProgram program;
    private final int[] offsets;
    private final float[] f32;
    private final int[] i32;
    private final long[] i64;
    private final byte[] i8;

    KernelArena(KernelProgram program) {
        this.program = program;
        offsets = new int[program.buffers().size()];
        int[] lengths = new int[Bank.values().length];
        place(lengths, false);
        place(lengths, true);
        program.outside().forEach(id -> place(program.buffer(id), lengths[Bank.F32.ordinal()], lengths));
        f32 = new float[lengths[Bank.F32.ordinal()]];
        i32 = new int[lengths[Bank.I32.ordinal()]];
        i64 = new long[lengths[Bank.I64.ordinal()]];
        i8 = new byte[lengths[Bank.I8.ordinal()]];
        Arrays.fill(f32, Float.NaN);
        Arrays.fill(i32, RUBBISH);
        Arrays.fill(i64, 0x5A5A_A5A5_0FF0_C33CL);
        Arrays.fill(i8, (byte) 0x5A);
    }

    private void place(int[] lengths, boolean work) {
        int[] starts = lengths.clone();
        List<BufferId> outside = program.outside();
        for (Buffer buffer : program.buffers()) {
            if (buffer.inWork() == work && !outside.contains(buffer.id())) {
                int bank = buffer.bank().ordinal();
                place(buffer, buffer.offset() < 0 ? lengths[bank] : starts[bank] + buffer.offset(), lengths);
            }
        }
    }

    private void place(Buffer buffer, int offset, int[] lengths) {
        int bank = buffer.bank().ordinal();
        offsets[buffer.id().index()] = offset;
        lengths[bank] = Math.max(lengths[bank], offset + buffer.length());
    }

    private int at(BufferId id, int element) {
        if (element < 0 || element >= program.buffer(id).length()) {
            throw new IndexOutOfBoundsException("element " + element + " of " + program.buffer(id));
        }
        return offsets[id.index()] + element;
    }

    float f32(BufferId id, int element) {
        return f32[at(id, element)];
    }

    void f32(BufferId id, int element, float value) {
        f32[at(id, element)] = value;
    }

    int i32(BufferId id, int element) {
        return i32[at(id, element)];
    }

    void i32(BufferId id, int element, int value) {
        i32[at(id, element)] = value;
    }

    long i64(BufferId id, int element) {
        return i64[at(id, element)];
    }

    void i64(BufferId id, int element, long value) {
        i64[at(id, element)] = value;
    }

    /** A word of a buffer of bit planes, as the lowest bits of a long. */
    long word(BufferId id, int element) {
        return program.buffer(id).bank() == Bank.I64 ? i64(id, element) : Integer.toUnsignedLong(i32(id, element));
    }

    void word(BufferId id, int element, long value) {
        if (program.buffer(id).bank() == Bank.I64) {
            i64(id, element, value);
        } else {
            i32(id, element, (int) value);
        }
    }

    /** A code as the int it stands for. */
    int code(BufferId id, int element, ElementType.Code code) {
        byte value = i8[at(id, element)];
        return code.signed() ? value : value & 255;
    }

    void code(BufferId id, int element, int value) {
        i8[at(id, element)] = (byte) value;
    }

    /** A byte that is no code. */
    byte i8(BufferId id, int element) {
        return i8[at(id, element)];
    }

    /** An integer of an I32 buffer, or of an I8 buffer of codes. */
    int integer(BufferId id, int element, ValueKind kind) {
        return kind.coded() ? code(id, element, kind.code()) : i32(id, element);
    }

    void copy(BufferId from, int fromElement, BufferId to, int toElement) {
        int source = at(from, fromElement);
        int target = at(to, toElement);
        switch (program.buffer(from).bank()) {
            case F32 -> f32[target] = f32[source];
            case I32 -> i32[target] = i32[source];
            case I64 -> i64[target] = i64[source];
            case I8 -> i8[target] = i8[source];
        }
    }
}
