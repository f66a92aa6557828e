package dev.tern.compiler.kernel;

import dev.tern.compiler.target.Word;

/** The kind of primitive array of a session's arena that a buffer lives in. */
public enum Bank {
    F32(4), I32(4), I64(8), I8(1);

    private final int bytes;

    Bank(int bytes) {
        this.bytes = bytes;
    }

    /** The bank of words of packed bits. */
    public static Bank of(Word word) {
        return switch (word) {
            case BITS_32 -> I32;
            case BITS_64 -> I64;
        };
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
