package dev.tern.compiler.kernel;

/** Names a buffer of one program. */
public record BufferId(int index) {
    /** {@code b3}. */
    @Override
    public String toString() {
        return "b" + index;
    }
}
