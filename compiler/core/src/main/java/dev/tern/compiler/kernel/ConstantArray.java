package dev.tern.compiler.kernel;

import dev.tern.runtime.layout.ArrayLayout;
import dev.tern.runtime.layout.AsStored;

/**
 * An array that kernels read; named for listings. The arrays belong to the program and are not written to.
 *
 * <p>The weight file holds either the array or another one that it is made from: a product's codes, of which each
 * target's kernels want other layouts.
 */
public sealed interface ConstantArray {
    String name();

    int length();

    /** Bytes it takes in memory. */
    long bytes();

    /** The values, an array of longs, ints, floats or bytes. */
    Object array();

    /** What the weight file holds of it. */
    Stored stored();

    /**
     * An array of a weight file and what is made of it.
     *
     * @param name of the array
     * @param array of longs, ints, floats or bytes
     */
    record Stored(String name, Object array, ArrayLayout layout) {
        static Stored itself(String name, Object array) {
            return new Stored(name, array, new AsStored());
        }
    }

    /** The array that a layout makes from one that is stored itself. */
    static ConstantArray laidOut(String name, ConstantArray from, ArrayLayout layout) {
        if (!(from.stored().layout() instanceof AsStored)) {
            throw new IllegalArgumentException(from.name() + " is made from another array");
        }
        Stored stored = new Stored(from.name(), from.array(), layout);
        return switch (layout.of(from.array())) {
            case long[] longs -> new Longs(name, longs, stored);
            case int[] ints -> new Ints(name, ints, stored);
            case float[] floats -> new Floats(name, floats, stored);
            case byte[] bytes -> new Bytes(name, bytes, stored);
            case Object other -> throw new IllegalStateException("an array of " + other.getClass());
        };
    }

    record Longs(String name, long[] values, Stored stored) implements ConstantArray {
        public Longs(String name, long[] values) {
            this(name, values, Stored.itself(name, values));
        }

        @Override
        public int length() {
            return values.length;
        }

        @Override
        public long bytes() {
            return 8L * values.length;
        }

        @Override
        public Object array() {
            return values;
        }
    }

    record Ints(String name, int[] values, Stored stored) implements ConstantArray {
        public Ints(String name, int[] values) {
            this(name, values, Stored.itself(name, values));
        }

        @Override
        public int length() {
            return values.length;
        }

        @Override
        public long bytes() {
            return 4L * values.length;
        }

        @Override
        public Object array() {
            return values;
        }
    }

    record Floats(String name, float[] values, Stored stored) implements ConstantArray {
        public Floats(String name, float[] values) {
            this(name, values, Stored.itself(name, values));
        }

        @Override
        public int length() {
            return values.length;
        }

        @Override
        public long bytes() {
            return 4L * values.length;
        }

        @Override
        public Object array() {
            return values;
        }
    }

    record Bytes(String name, byte[] values, Stored stored) implements ConstantArray {
        public Bytes(String name, byte[] values) {
            this(name, values, Stored.itself(name, values));
        }

        @Override
        public int length() {
            return values.length;
        }

        @Override
        public long bytes() {
            return values.length;
        }

        @Override
        public Object array() {
            return values;
        }
    }
}
