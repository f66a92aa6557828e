package dev.tern.compiler.kernel;

/** Names a constant array of one program: its index among the arrays of the weight file. */
public record ConstantId(int index) {
    /** {@code w3}. */
    @Override
    public String toString() {
        return "w" + index;
    }
}
