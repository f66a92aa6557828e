package dev.tern.compiler.analysis.parameters;

/** How a parameter file stores one element. */
public enum DataType {
    /** IEEE 754 binary64; read as f32 by one rounding. */
    F64,
    /** IEEE 754 binary32. */
    F32,
    /** IEEE 754 binary16; every value is an f32. */
    F16,
    /** The upper half of an f32. */
    BF16,
    /** Signed bytes. */
    I8,
    /** Unsigned bytes. */
    U8,
    /** Anything else (wide integers, complex numbers, text): listed, never read. */
    OTHER;

    public boolean floating() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    public boolean bytes() {
        return this == I8 || this == U8;
    }
}
