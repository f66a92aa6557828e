package dev.tern.compiler.kernel;

import java.nio.ByteBuffer;

/** What is in an array of bytes, ints, floats or longs; equal bit for bit, so that -0 and +0 differ. */
record ArrayContent(Class<?> type, ByteBuffer bytes) {
    static ArrayContent of(Object array) {
        ByteBuffer bytes = switch (array) {
            case byte[] values -> ByteBuffer.wrap(values);
            case int[] values -> {
                ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
                buffer.asIntBuffer().put(values);
                yield buffer;
            }
            case float[] values -> {
                ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
                buffer.asFloatBuffer().put(values);
                yield buffer;
            }
            case long[] values -> {
                ByteBuffer buffer = ByteBuffer.allocate(8 * values.length);
                buffer.asLongBuffer().put(values);
                yield buffer;
            }
            case Object other -> throw new IllegalArgumentException("an array of " + other.getClass());
        };
        return new ArrayContent(array.getClass(), bytes);
    }
}
