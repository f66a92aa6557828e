package dev.tern.importers.safetensors;

import dev.tern.compiler.analysis.parameters.DataType;
import dev.tern.importers.NumberType;
import java.util.Optional;

/** The element types that the format names, with their width; those without a number type are listed, never read. */
enum SafetensorsType {
    F64(64, NumberType.F64), F32(32, NumberType.F32), F16(16, NumberType.F16), BF16(16, NumberType.BF16), I64(64,
            NumberType.I64), I32(32, NumberType.I32), I16(16, NumberType.I16), I8(8, NumberType.I8), U32(32,
                    NumberType.U32), U16(16, NumberType.U16), U8(8, NumberType.U8), U64(64, null), C64(64, null), BOOL(
                            8, null), F8_E4M3(8, null), F8_E5M2(8, null), F8_E8M0(8,
                                    null), F8_E4M3FNUZ(8, null), F8_E5M2FNUZ(8, null), F6_E2M3(6, null), F6_E3M2(6,
                                            null), F4(4, null);

    private final int bits;
    private final NumberType number;

    SafetensorsType(int bits, NumberType number) {
        this.bits = bits;
        this.number = number;
    }

    /** Bits of one element. */
    int bits() {
        return bits;
    }

    /** How to read its elements, if they can be read. */
    Optional<NumberType> number() {
        return Optional.ofNullable(number);
    }

    DataType dataType() {
        return number == null ? DataType.OTHER : number.dataType();
    }

    static Optional<SafetensorsType> of(String name) {
        for (SafetensorsType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
