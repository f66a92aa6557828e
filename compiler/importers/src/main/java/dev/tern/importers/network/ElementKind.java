package dev.tern.importers.network;

/** What the elements of a value are. Floating types of any width are read as f32. */
public enum ElementKind {
    F32(32, true), I2(2, true), U2(2, false), I4(4, true), U4(4, false), I8(8, true), U8(8, false), I16(16, true), U16(
            16, false), I32(32, true), U32(32, false), I64(64, true), U64(64, false), BOOL(1, false);

    private final int bits;
    private final boolean signed;

    ElementKind(int bits, boolean signed) {
        this.bits = bits;
        this.signed = signed;
    }

    public int bits() {
        return bits;
    }

    public boolean floating() {
        return this == F32;
    }

    /** The least integer. */
    public long lowest() {
        return signed ? -1L << bits - 1 : 0;
    }

    /** The greatest integer; that of i64 for u64. */
    public long highest() {
        return bits == 64 ? Long.MAX_VALUE : signed ? (1L << bits - 1) - 1 : (1L << bits) - 1;
    }
}
