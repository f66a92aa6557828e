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
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Arrays that a class has in itself, as strings: seven bits in each character, from the most significant, so that a
 * character is one byte of the class file (two for one in 128). The class makes bytes of them when it is initialized,
 * and of these the array, the most significant byte first.
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

    /** Of text, into and at: makes bytes of characters. */
    private final Routine unpack = unpack();
    private int arrays;

    /** The routines that {@link #assign} calls. */
    List<MethodDefinition> methods() {
        return List.of(new MethodDefinition(Access.STATIC, unpack, MethodDefinition.KERNEL_BUDGET));
    }

    /** Adds to an initializer what makes an array and keeps it. @param array of bytes, ints, longs or floats */
    void assign(Block body, Value.Global field, Object array) {
        int number = arrays++;
        byte[] bytes = bytes(array);
        Local packed = body.declare("bytes" + number, new JvmValue.NewArray(ValueType.BYTES, Value.of(bytes.length)));
        int part = 0;
        for (int from = 0; from < bytes.length; from += MOST_CHARACTERS / GROUP * BITS) {
            int to = Math.min(bytes.length, from + MOST_CHARACTERS / GROUP * BITS);
            String text = text(bytes, from, to);
            Local characters = body.declare("text" + number + "_" + part++,
                    new JvmValue.NewArray(ValueType.BYTES, Value.of(text.length())));
            body.call(JavaMethod.of(String.class, "getBytes", int.class, int.class, byte[].class, int.class).call(
                    new JvmValue.Text(text), Value.of(0), Value.of(text.length()), characters, Value.of(0)));
            body.call(unpack.callee().call(characters, packed, Value.of(from)));
        }
        body.store(field, array instanceof byte[]
                ? packed
                : made(body, packed, (ValueType.ArrayOf) field.type(), number,
                        bytes.length));
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

    private static byte[] bytes(Object array) {
        switch (array) {
            case byte[] values -> {
                return values;
            }
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
