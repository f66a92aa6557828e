package dev.tern.compiler.kernel;

/** An array of the weight file; named for listings. The arrays belong to the program and are not written to. */
public sealed interface ConstantArray {
    String name();

    int length();

    /** Bytes it takes in the weight file. */
    long bytes();

    record Longs(String name, long[] values) implements ConstantArray {
        @Override
        public int length() {
            return values.length;
        }

        @Override
        public long bytes() {
            return 8L * values.length;
        }
    }

    record Ints(String name, int[] values) implements ConstantArray {
        @Override
        public int length() {
            return values.length;
        }

        @Override
        public long bytes() {
            return 4L * values.length;
        }
    }

    record Floats(String name, float[] values) implements ConstantArray {
        @Override
        public int length() {
            return values.length;
        }

        @Override
        public long bytes() {
            return 4L * values.length;
        }
    }

    record Bytes(String name, byte[] values) implements ConstantArray {
        @Override
        public int length() {
            return values.length;
        }

        @Override
        public long bytes() {
            return values.length;
        }
    }
}
