package dev.tern.quantizer.network;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A row-major f32 matrix in ND4J's memory, filled from and read into Java arrays.
 *
 * <p>Products are those of the BLAS that ND4J brings, called without ND4J: what it does for each product, such as
 * drawing a random name for it, takes as long as a small product itself.
 */
final class NativeMatrix {
    static {
        // Threads cost more than they save on matrices of this size, and one thread adds in one order.
        Nd4j.getEnvironment().setMaxThreads(1);
        Nd4j.factory().blas().setMaxThreads(1);
    }

    private static final int LINE = 1024;

    /** Holds the memory as long as this is there. */
    private final INDArray array;
    private final FloatPointer pointer;
    private final FloatBuffer memory;
    private final int length;
    private final View all;
    private final float[] line = new float[LINE];
    private final float[] sums = new float[LINE];

    /** Starts with anything in it. */
    NativeMatrix(int rows, int columns) {
        array = Nd4j.createUninitialized(DataType.FLOAT, new long[]{rows, columns}, 'c');
        pointer = (FloatPointer) array.data().addressPointer();
        memory = array.data().asNioFloat();
        length = Math.multiplyExact(rows, columns);
        all = view(0, rows, columns, columns);
    }

    /** A matrix within the memory of another. @param stride from the beginning of a row to that of the next */
    record View(FloatPointer pointer, int rows, int columns, int stride) {
        /**
         * {@code this = a b}, each factor transposed on request; with ADD the product is added to what is here. Factors
         * share no memory with this.
         */
        void product(View a, Form formA, View b, Form formB, Into into) {
            int depth = formA == Form.PLAIN ? a.columns : a.rows;
            openblas_nolapack.cblas_sgemm(openblas_nolapack.CblasRowMajor, formA.code, formB.code, rows, columns, depth,
                    1f, a.pointer, a.stride, b.pointer, b.stride, into == Into.ADD ? 1f : 0f, pointer, stride);
        }
    }

    /** The matrix whose first element is the one at {@code start}. */
    View view(int start, int rows, int columns, int stride) {
        if (start < 0 || start + (rows - 1) * stride + columns > length) {
            throw new IllegalArgumentException(rows + " rows of " + columns + ", " + stride + " apart from " + start
                    + " on, do not lie in " + length + " numbers");
        }
        return new View(new FloatPointer(pointer).position(start), rows, columns, stride);
    }

    /** Sets every number. */
    void fill(float value) {
        Arrays.fill(line, value);
        for (int from = 0; from < length; from += LINE) {
            memory.put(from, line, 0, Math.min(LINE, length - from));
        }
    }

    /** Copies the whole matrix from {@code source}. */
    void load(float[] source, int offset) {
        memory.put(0, source, offset, length);
    }

    /** Copies so many numbers from {@code source} to those from {@code start} on. */
    void load(int start, float[] source, int offset, int count) {
        memory.put(start, source, offset, count);
    }

    /** Copies the whole matrix to {@code target}. */
    void store(float[] target, int offset) {
        memory.get(0, target, offset, length);
    }

    /** Copies so many numbers from {@code start} on to {@code target}. */
    void store(int start, float[] target, int offset, int count) {
        memory.get(start, target, offset, count);
    }

    /** Adds the whole matrix to {@code target}. */
    void addTo(float[] target) {
        addTo(0, target, 0, length);
    }

    /** Adds so many numbers from {@code start} on to {@code target}, a line at a time: see {@link Line}. */
    void addTo(int start, float[] target, int offset, int count) {
        for (int from = 0; from < count; from += LINE) {
            int here = Math.min(LINE, count - from);
            memory.get(start + from, line, 0, here);
            System.arraycopy(target, offset + from, sums, 0, here);
            Line.add(sums, line);
            System.arraycopy(sums, 0, target, offset + from, here);
        }
    }

    /** {@link View#product} of whole matrices. */
    void product(NativeMatrix a, Form formA, NativeMatrix b, Form formB, Into into) {
        all.product(a.all, formA, b.all, formB, into);
    }

    enum Form {
        PLAIN(openblas_nolapack.CblasNoTrans), TRANSPOSED(openblas_nolapack.CblasTrans);

        private final int code;

        Form(int code) {
            this.code = code;
        }
    }

    enum Into {
        REPLACE, ADD
    }
}
