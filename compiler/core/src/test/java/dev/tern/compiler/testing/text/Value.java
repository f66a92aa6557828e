package dev.tern.compiler.testing.text;

import dev.tern.compiler.graph.Shape;

/**
 * What stands before a step of a pipeline: some text and what the generator knows of its value, by rules of its own.
 *
 * @param text a name, or a name and the steps so far
 * @param kind what reads it has to know
 */
record Value(String text, Shape shape, Kind kind) {
    enum Kind {
        /** f32. */
        REAL,
        /** f32 that cannot be negative. */
        POSITIVE,
        /** f32 on grids of their own for each row, which a window cannot read. */
        ROWS,
        /** Bytes of an input, 0..255. */
        U8,
        /** Bytes of an input, -128..127. */
        I8
    }

    /** The value after one more step, a real. */
    Value then(String step, Shape result) {
        return then(step, result, Kind.REAL);
    }

    Value then(String step, Shape result, Kind kindThen) {
        return new Value(text + " |> " + step, result, kindThen);
    }

    boolean stored() {
        return kind == Kind.U8 || kind == Kind.I8;
    }

    boolean named() {
        return text.indexOf(' ') < 0;
    }
}
