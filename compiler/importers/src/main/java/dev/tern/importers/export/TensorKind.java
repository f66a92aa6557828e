package dev.tern.importers.export;

import dev.tern.compiler.graph.ElementType;

/** ONNX's types of elements, as far as they are written. */
enum TensorKind {
    FLOAT(1, 32, true), UINT8(2, 8, false), INT8(3, 8, true), INT32(6, 32, true), INT64(7, 64, true), INT4(22, 4,
            true), UINT4(21, 4, false), INT2(26, 2, true), UINT2(25, 2, false);

    private final int number;
    private final int bits;
    private final boolean signed;

    TensorKind(int number, int bits, boolean signed) {
        this.number = number;
        this.bits = bits;
        this.signed = signed;
    }

    /** That in which codes are stored as bytes. */
    static TensorKind of(ElementType.Code code) {
        return code.signed() ? INT8 : UINT8;
    }

    /** As files name it. */
    int number() {
        return number;
    }

    int bits() {
        return bits;
    }

    /** Whether integers from a least to a greatest fit. */
    boolean holds(long lowest, long highest) {
        return lowest >= lowest() && highest <= highest();
    }

    long lowest() {
        return signed ? -1L << bits - 1 : 0;
    }

    long highest() {
        return (1L << (signed ? bits - 1 : bits)) - 1;
    }

    /** The narrowest type of an operator set that holds such integers. */
    static TensorKind narrowest(long lowest, long highest, int opset) {
        TensorKind[] kinds = lowest < 0
                ? new TensorKind[]{INT2, INT4, INT8, INT32}
                : new TensorKind[]{UINT2, UINT4, UINT8, INT32};
        for (TensorKind kind : kinds) {
            boolean known = kind.bits >= 8 || opset >= (kind.bits == 4 ? 21 : 25);
            if (known && kind.holds(lowest, highest)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(lowest + ".." + highest);
    }
}
