package dev.tern.importers.tflite;

import dev.tern.importers.network.ElementKind;
import java.util.Locale;
import java.util.Optional;

/** The types of elements, by the numbers that the schema gives them. */
enum TfliteType {
    FLOAT32(32, ElementKind.F32), FLOAT16(16, ElementKind.F32), INT32(32, ElementKind.I32), UINT8(8,
            ElementKind.U8), INT64(64, ElementKind.I64), STRING(0, null), BOOL(8, ElementKind.BOOL), INT16(16,
                    ElementKind.I16), COMPLEX64(64, null), INT8(8, ElementKind.I8), FLOAT64(64,
                            ElementKind.F32), COMPLEX128(128, null), UINT64(64, ElementKind.U64), RESOURCE(0,
                                    null), VARIANT(0, null), UINT32(32, ElementKind.U32), UINT16(16,
                                            ElementKind.U16), INT4(4, ElementKind.I4), BFLOAT16(16,
                                                    ElementKind.F32), INT2(2, ElementKind.I2), UINT4(4,
                                                            ElementKind.U4);

    private final int bits;
    private final ElementKind kind;

    TfliteType(int bits, ElementKind kind) {
        this.bits = bits;
        this.kind = kind;
    }

    /** The type of a number. */
    static Optional<TfliteType> of(int number) {
        return number >= 0 && number < values().length ? Optional.of(values()[number]) : Optional.empty();
    }

    /** What an element takes; those below 8 lie several to a byte, the first in the low bits. */
    int bits() {
        return bits;
    }

    /** What the network carries of it; empty for what it cannot carry. */
    Optional<ElementKind> kind() {
        return Optional.ofNullable(kind);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
