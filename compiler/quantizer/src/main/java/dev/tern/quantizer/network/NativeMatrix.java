package dev.tern.quantizer.network;

import java.nio.FloatBuffer;
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

    private final int rows;
    private final int columns;
    /** Holds the memory as long as this is there. */
    private final INDArray array;
    private final FloatPointer pointer;
    private final FloatBuffer memory;
    private final int length;
    private final float[] line = new float[LINE];
    private final float[] sums = new float[LINE];

    NativeMatrix(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        array = Nd4j.createUninitialized(DataType.FLOAT, new long[]{rows, columns}, 'c');
        pointer = (FloatPointer) array.data().addressPointer();
        memory = array.data().asNioFloat();
        length = Math.multiplyExact(rows, columns);
    }

    /** Copies the whole matrix from {@code source}. */
    void load(float[] source, int offset) {
        memory.put(0, source, offset, length);
    }

    /** Copies the whole matrix to {@code target}. */
    void store(float[] target, int offset) {
        memory.get(0, target, offset, length);
    }

    /** Adds the whole matrix to {@code target}, a line at a time: see {@link Line}. */
    void addTo(float[] target) {
        for (int from = 0; from < length; from += line.length) {
            int count = Math.min(line.length, length - from);
            memory.get(from, line, 0, count);
            System.arraycopy(target, from, sums, 0, count);
            Line.add(sums, line);
            System.arraycopy(sums, 0, target, from, count);
        }
    }

    /** {@code this = a b}, each factor transposed on request; with ADD the product is added to what is here. */
    void product(NativeMatrix a, Form formA, NativeMatrix b, Form formB, Into into) {
        int depth = formA == Form.PLAIN ? a.columns : a.rows;
        openblas_nolapack.cblas_sgemm(openblas_nolapack.CblasRowMajor, formA.code, formB.code, rows, columns, depth, 1f,
                a.pointer, a.columns, b.pointer, b.columns, into == Into.ADD ? 1f : 0f, pointer, columns);
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
