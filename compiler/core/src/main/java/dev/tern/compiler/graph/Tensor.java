package dev.tern.compiler.graph;

import java.util.Arrays;

/**
 * A constant or a computed value: a shape and its elements in row-major order. The arrays belong to the tensor;
 * callers do not write to them.
 */
public sealed interface Tensor {
    /** Tensors of no more elements show them in their text. */
    int SHOWN = 16;

    Shape shape();

    /** f32 elements. */
    record Floats(Shape shape, float[] values) implements Tensor {
        public Floats {
            check(shape, values.length);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Floats floats && shape.equals(floats.shape)
                    && sameBits(values, floats.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return "Floats" + shape + (values.length <= SHOWN ? Arrays.toString(values) : "");
        }
    }

    /** Codes, accumulators, zero points or steps, unpacked. */
    record Integers(Shape shape, int[] values) implements Tensor {
        public Integers {
            check(shape, values.length);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Integers integers && shape.equals(integers.shape)
                    && Arrays.equals(values, integers.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return "Integers" + shape + (values.length <= SHOWN ? Arrays.toString(values) : "");
        }
    }

    static Floats of(float... values) {
        return new Floats(Shape.of(values.length), values);
    }

    static Floats scalar(float value) {
        return new Floats(Shape.scalar(), new float[]{value});
    }

    static Integers scalar(int value) {
        return new Integers(Shape.scalar(), new int[]{value});
    }

    private static void check(Shape shape, int length) {
        if (shape.elements() != length) {
            throw new IllegalArgumentException(length + " elements for " + shape);
        }
    }

    /** Equal to the bit: -0 differs from 0. */
    private static boolean sameBits(float[] a, float[] b) {
        if (a == b) {
            return true;
        }
        if (a.length != b.length) {
            return false;
        }
        for (int i = 0; i < a.length; i++) {
            // Which bits a NaN has inside a model depends on the processor.
            if (Float.floatToIntBits(a[i]) != Float.floatToIntBits(b[i])) {
                return false;
            }
        }
        return true;
    }
}
