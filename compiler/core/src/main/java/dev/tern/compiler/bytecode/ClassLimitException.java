package dev.tern.compiler.bytecode;

/** A class is larger than the class-file format allows: too many constants, or too much to initialize. */
public final class ClassLimitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what is too large, as the end of a sentence that begins with the class */
    ClassLimitException(String message) {
        super(message);
    }
}
