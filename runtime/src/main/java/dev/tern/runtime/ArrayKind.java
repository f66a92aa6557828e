package dev.tern.runtime;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;

/** The types of weight arrays and how each goes into a weight file. The file holds {@link #ordinal()}. */
enum ArrayKind {
    BYTE(1) {
        @Override
        void put(ByteBuffer out, Object array) {
            out.put((byte[]) array);
        }

        @Override
        Object get(ByteBuffer in, int length) {
            byte[] array = new byte[length];
            in.get(array);
            return array;
        }
    },
    SHORT(2) {
        @Override
        void put(ByteBuffer out, Object array) {
            out.asShortBuffer().put((short[]) array);
        }

        @Override
        Object get(ByteBuffer in, int length) {
            short[] array = new short[length];
            in.asShortBuffer().get(array);
            return array;
        }
    },
    INT(4) {
        @Override
        void put(ByteBuffer out, Object array) {
            out.asIntBuffer().put((int[]) array);
        }

        @Override
        Object get(ByteBuffer in, int length) {
            int[] array = new int[length];
            in.asIntBuffer().get(array);
            return array;
        }
    },
    LONG(8) {
        @Override
        void put(ByteBuffer out, Object array) {
            out.asLongBuffer().put((long[]) array);
        }

        @Override
        Object get(ByteBuffer in, int length) {
            long[] array = new long[length];
            in.asLongBuffer().get(array);
            return array;
        }
    },
    FLOAT(4) {
        @Override
        void put(ByteBuffer out, Object array) {
            out.asFloatBuffer().put((float[]) array);
        }

        @Override
        Object get(ByteBuffer in, int length) {
            float[] array = new float[length];
            in.asFloatBuffer().get(array);
            return array;
        }
    };

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

    /** Writes all elements at the buffer's position, which is moved for bytes and left where it is for wider ones. */
    abstract void put(ByteBuffer out, Object array);

    /** Reads elements from the buffer's position, which is moved or not as for {@link #put}. */
    abstract Object get(ByteBuffer in, int length);

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
