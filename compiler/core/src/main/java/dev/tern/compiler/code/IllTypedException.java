package dev.tern.compiler.code;

/** Generated code was put together wrongly: a fault of the compiler, not of the model. */
public final class IllTypedException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public IllTypedException(String message) {
        super(message);
    }

    public static void require(boolean condition, String format, Object... arguments) {
        if (!condition) {
            throw new IllTypedException(String.format(format, arguments));
        }
    }
}
