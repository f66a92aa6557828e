package dev.tern.quantizer.network;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A row-major f32 matrix in ND4J's memory, filled from and read into Java arrays.
 *
 * <p>ND4J multiplies fastest into 'f' order, so a row-major {@code rows x columns} matrix is held as its transpose in
 * 'f' order, which is the same memory.
 */
final class NativeMatrix {
    static {
        // Threads cost more than they save on matrices of this size, and one thread adds in one order.
        Nd4j.getEnvironment().setMaxThreads(1);
        Nd4j.factory().blas().setMaxThreads(1);
    }

    private final INDArray transposed;
    private final FloatBuffer memory;
    private final int length;

    NativeMatrix(int rows, int columns) {
        transposed = Nd4j.createUninitialized(DataType.FLOAT, new long[]{columns, rows}, 'f');
        memory = transposed.data().asNioFloat();
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

    /** Adds the whole matrix to {@code target}. */
    void addTo(float[] target) {
        for (int i = 0; i < length; i++) {
            target[i] += memory.get(i);
        }
    }

    /** {@code this = a b}, each factor transposed on request; with ADD the product is added to what is here. */
    void product(NativeMatrix a, Form formA, NativeMatrix b, Form formB, Into into) {
        // (a b)' = b' a', and what is held is the transpose.
        Nd4j.gemm(b.transposed, a.transposed, transposed, formB == Form.TRANSPOSED, formA == Form.TRANSPOSED, 1.0,
                into == Into.ADD ? 1.0 : 0.0);
    }

    enum Form {
        PLAIN, TRANSPOSED
    }

    enum Into {
        REPLACE, ADD
    }
}
