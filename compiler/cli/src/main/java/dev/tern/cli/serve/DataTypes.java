package dev.tern.cli.serve;

import dev.tern.runtime.Element;

/** The protocol's names of types. */
final class DataTypes {
    private DataTypes() {
    }

    static String of(Element element) {
        return switch (element) {
            case F32 -> "FP32";
            case U8 -> "UINT8";
            case I8 -> "INT8";
            case STEP, I32 -> "INT32";
        };
    }
}
