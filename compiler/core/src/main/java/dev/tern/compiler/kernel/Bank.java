package dev.tern.compiler.kernel;

/** The kind of primitive array of a session's arena that a buffer lives in. */
public enum Bank {
    F32(4), I32(4), I64(8), I8(1);

    private final int bytes;

    Bank(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
