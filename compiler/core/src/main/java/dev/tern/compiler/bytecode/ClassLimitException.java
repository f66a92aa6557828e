package dev.tern.compiler.bytecode;

/** A class is larger than the class-file format allows: too many constants, or too much to initialize. */
public final class ClassLimitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ClassType owner;

    /**
     * @param owner the class
     * @param message what is too large, as the end of a sentence that begins with the class
     */
    public ClassLimitException(ClassType owner, String message) {
        super(message);
        this.owner = owner;
    }

    public ClassType owner() {
        return owner;
    }
}
