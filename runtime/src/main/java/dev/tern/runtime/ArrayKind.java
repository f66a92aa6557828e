package dev.tern.runtime;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;

/** The types of weight arrays and how each goes into a weight file. The file holds {@link #ordinal()}, and
 * bytes as codes at their fewest bits. */
enum ArrayKind {
    BYTE(1), SHORT(2), INT(4), LONG(8), FLOAT(4);

    private static final ArrayKind[] ALL = values();

    private final int width;

    ArrayKind(int width) {
        this.width = width;
    }

    /** Bytes of one element. */
    int width() {
        return width;
    }

    long bytes(Object array) {
        return (long) Array.getLength(array) * width;
    }

    /**
     * Writes all elements of an array of shorts, ints, longs or floats at the buffer's position, which is left where it
     * is.
     */
    static void put(ByteBuffer out, Object array) {
        if (array instanceof short[]) {
            out.asShortBuffer().put((short[]) array);
        } else if (array instanceof int[]) {
            out.asIntBuffer().put((int[]) array);
        } else if (array instanceof long[]) {
            out.asLongBuffer().put((long[]) array);
        } else {
            out.asFloatBuffer().put((float[]) array);
        }
    }

    /**
     * Reads elements from the buffer's position, which is left where it is.
     *
     * @return a new array of this kind, which is not {@link #BYTE}
     */
    Object get(ByteBuffer in, int length) {
        if (this == SHORT) {
            short[] array = new short[length];
            in.asShortBuffer().get(array);
            return array;
        } else if (this == INT) {
            int[] array = new int[length];
            in.asIntBuffer().get(array);
            return array;
        } else if (this == LONG) {
            long[] array = new long[length];
            in.asLongBuffer().get(array);
            return array;
        }
        float[] array = new float[length];
        in.asFloatBuffer().get(array);
        return array;
    }

    static ArrayKind of(Object array) {
        if (array instanceof byte[]) {
            return BYTE;
        } else if (array instanceof short[]) {
            return SHORT;
        } else if (array instanceof int[]) {
            return INT;
        } else if (array instanceof long[]) {
            return LONG;
        } else if (array instanceof float[]) {
            return FLOAT;
        }
        throw new IllegalArgumentException(
                "not a weight array: " + (array == null ? "null" : array.getClass().getTypeName()));
    }

    /** The kind that a file names, or null. */
    static ArrayKind of(int ordinal) {
        return ordinal >= 0 && ordinal < ALL.length ? ALL[ordinal] : null;
    }
}
