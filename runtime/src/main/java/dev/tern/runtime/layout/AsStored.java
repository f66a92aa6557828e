package dev.tern.runtime.layout;

import java.lang.reflect.Array;

/** The stored array itself. */
public record AsStored() implements ArrayLayout {
    static final int KIND = 0;

    static AsStored read(int[] parameters) {
        Parameters.expect(parameters, 0);
        return new AsStored();
    }

    @Override
    public Object of(Object stored) {
        return stored;
    }

    @Override
    public long bytes(Object stored) {
        Class<?> element = stored.getClass().getComponentType();
        int width = element == byte.class
                ? Byte.BYTES
                : element == short.class ? Short.BYTES : element == long.class ? Long.BYTES : Integer.BYTES;
        return (long) Array.getLength(stored) * width;
    }

    @Override
    public int kind() {
        return KIND;
    }

    @Override
    public int[] parameters() {
        return new int[0];
    }
}
