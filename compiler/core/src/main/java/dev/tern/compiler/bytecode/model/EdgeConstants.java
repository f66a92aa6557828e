package dev.tern.compiler.bytecode.model;

import dev.tern.compiler.bytecode.JavaMethod;
import dev.tern.compiler.bytecode.JvmValue;
import dev.tern.compiler.bytecode.MethodDefinition;
import dev.tern.compiler.bytecode.MethodDefinition.Access;
import dev.tern.compiler.code.Block;
import dev.tern.compiler.code.Local;
import dev.tern.compiler.code.MathFunction;
import dev.tern.compiler.code.Operator;
import dev.tern.compiler.code.Routine;
import dev.tern.compiler.code.Value;
import dev.tern.compiler.code.ValueType;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.StoredConstants;
import dev.tern.runtime.layout.PackedCodes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Arrays that a class has in itself, as strings: seven bits in each character, from the most significant, so that a
 * character is one byte of the class file (two for one in 128). What a weight file would hold stands there: codes of
 * weights at their fewest bits, ternary ones five to a byte, and of them only once what several arrays are made from.
 * The class makes bytes of the strings when it is initialized, and of these the arrays, the most significant byte
 * first.
 */
final class EdgeConstants {
    /** Characters of one string: of two bytes each they fit the class-file format. */
    private static final int MOST_CHARACTERS = 32_000;
    /** Characters whose bits are whole bytes. */
    private static final int GROUP = 8;
    private static final int BITS = 7;

    private static final Local TEXT = Local.parameter("text", ValueType.BYTES);
    private static final Local INTO = Local.parameter("into", ValueType.BYTES);
    private static final Local AT = Local.parameter("at", ValueType.INT);

    private final KernelProgram program;
    private final Function<ConstantId, Value.Global> fields;
    /** Of text, into and at: makes bytes of characters. */
    private final Routine unpack = unpack();
    private final EdgeLayouts layouts = new EdgeLayouts();

    /** @param fields where the constants of the program are kept */
    EdgeConstants(KernelProgram program, Function<ConstantId, Value.Global> fields) {
        this.program = program;
        this.fields = fields;
    }

    /** The routines that {@link #assign} calls; asked for after it. */
    List<MethodDefinition> methods() {
        return Stream.concat(Stream.of(unpack), layouts.routines().stream())
                .map(routine -> new MethodDefinition(Access.STATIC, routine, MethodDefinition.KERNEL_BUDGET)).toList();
    }

    /** Adds to an initializer what makes the constants and keeps them. */
    void assign(Block body) {
        StoredConstants stored = new StoredConstants(List.of(program));
        Map<Integer, List<ConstantId>> made = new HashMap<>();
        for (int i = 0; i < program.constants().size(); i++) {
            ConstantId id = new ConstantId(i);
            made.computeIfAbsent(stored.index(program.constant(id)), index -> new ArrayList<>()).add(id);
        }
        for (int i = 0; i < stored.entries().size(); i++) {
            Local array = array(body, stored.entries().get(i).array(), i);
            for (ConstantId id : made.get(i)) {
                body.store(fields.apply(id), layouts.of(body, program.constant(id), array, "made" + id.index()));
            }
        }
    }

    /** @param stored codes, or an array of ints, longs or floats */
    private Local array(Block body, Object stored, int number) {
        if (stored instanceof PackedCodes codes) {
            return layouts.codes(body, codes, bytes(body, codes.bytes(), number), "codes" + number);
        }
        byte[] bytes = bytes(stored);
        return made(body, bytes(body, bytes, number), type(stored), number, bytes.length);
    }

    private Local bytes(Block body, byte[] bytes, int number) {
        Local whole = body.declare("bytes" + number, new JvmValue.NewArray(ValueType.BYTES, Value.of(bytes.length)));
        int part = 0;
        for (int from = 0; from < bytes.length; from += MOST_CHARACTERS / GROUP * BITS) {
            int to = Math.min(bytes.length, from + MOST_CHARACTERS / GROUP * BITS);
            String text = text(bytes, from, to);
            Local characters = body.declare("text" + number + "_" + part++,
                    new JvmValue.NewArray(ValueType.BYTES, Value.of(text.length())));
            body.call(JavaMethod.of(String.class, "getBytes", int.class, int.class, byte[].class, int.class).call(
                    new JvmValue.Text(text), Value.of(0), Value.of(text.length()), characters, Value.of(0)));
            body.call(unpack.callee().call(characters, whole, Value.of(from)));
        }
        return whole;
    }

    /** The bits of some bytes as characters 1 to 128. */
    static String text(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder();
        int bits = 0;
        int have = 0;
        for (int i = from; i < to; i++) {
            bits = bits << Byte.SIZE | bytes[i] & 255;
            have += Byte.SIZE;
            while (have >= BITS) {
                have -= BITS;
                text.append((char) ((bits >> have & 127) + 1));
            }
        }
        if (have > 0) {
            text.append((char) ((bits << BITS - have & 127) + 1));
        }
        return text.toString();
    }

    private static Routine unpack() {
        List<Local> parameters = List.of(TEXT, INTO, AT);
        Block body = new Block(parameters);
        Local bits = body.declare("bits", Value.of(0));
        Local have = body.declare("have", Value.of(0));
        body.loop("i", Value.of(0), TEXT.length(), 1, (loop, i) -> {
            loop.assign(bits, bits.shiftLeft(BITS).or(TEXT.at(i).minus(1).and(Value.of(127))));
            loop.update(have, Operator.ADD, Value.of(BITS));
            loop.when(have.atLeast(Value.of(Byte.SIZE)), whole -> {
                whole.update(have, Operator.SUBTRACT, Value.of(Byte.SIZE));
                whole.store(INTO.at(AT), Value.binary(Operator.SHIFT_RIGHT, bits, have));
                whole.update(AT, Operator.ADD, Value.of(1));
            });
        });
        return new Routine("$unpack", parameters, body);
    }

    private static Local made(Block body, Local bytes, ValueType.ArrayOf type, int number, int length) {
        int size = type.element().bytes();
        Local array = body.declare("array" + number, new JvmValue.NewArray(type, Value.of(length / size)));
        body.loop("i" + number, 0, length / size, (loop, i) -> {
            boolean longs = type.equals(ValueType.LONGS);
            Value whole = null;
            for (int octet = 0; octet < size; octet++) {
                Value one = bytes.at(i.times(size).plus(octet)).and(Value.of(255));
                Value wide = longs ? one.to(ValueType.LONG) : one;
                whole = whole == null ? wide : whole.shiftLeft(Byte.SIZE).or(wide);
            }
            loop.store(array.at(i), type.equals(ValueType.FLOATS) ? MathFunction.FLOAT_OF_BITS.of(whole) : whole);
        });
        return array;
    }

    private static ValueType.ArrayOf type(Object array) {
        return switch (array) {
            case int[] _ -> ValueType.INTS;
            case long[] _ -> ValueType.LONGS;
            case float[] _ -> ValueType.FLOATS;
            default -> throw new IllegalArgumentException("an array of " + array.getClass());
        };
    }

    private static byte[] bytes(Object array) {
        switch (array) {
            case int[] values -> {
                ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
                buffer.asIntBuffer().put(values);
                return buffer.array();
            }
            case long[] values -> {
                ByteBuffer buffer = ByteBuffer.allocate(8 * values.length);
                buffer.asLongBuffer().put(values);
                return buffer.array();
            }
            case float[] values -> {
                ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
                for (float value : values) {
                    buffer.putInt(Float.floatToRawIntBits(value));
                }
                return buffer.array();
            }
            default -> throw new IllegalArgumentException("an array of " + array.getClass());
        }
    }
}
