package dev.tern.compiler.tuning;

/** A tuning file is not as it should be. */
final class MalformedTuningException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final String part;

    /**
     * @param offset of the byte where that was seen, or -1
     * @param part what stands there, or empty
     */
    MalformedTuningException(String message, long offset, String part) {
        super(message);
        this.offset = offset;
        this.part = part;
    }

    long offset() {
        return offset;
    }

    String part() {
        return part;
    }
}
