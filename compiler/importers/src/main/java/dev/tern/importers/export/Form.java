package dev.tern.importers.export;

import dev.tern.compiler.graph.ValueId;

/** As what a value is written. */
sealed interface Form {
    Form NUMBERS = new Numbers();
    Form BYTES = new Bytes();

    /** f32; of codes and accumulators, the whole numbers themselves. */
    record Numbers() implements Form {
    }

    /** Codes as int8 or uint8, for what {@link Grids#bytes} holds of. */
    record Bytes() implements Form {
    }

    /** Codes less their zero point, f32. */
    record LessZero(ValueId zero) implements Form {
    }

    /** Codes as the f32 numbers that they stand for: {@code scale * (code - zero)}, by way of DequantizeLinear. */
    record Reals(float scale, int zero) implements Form {
    }
}
