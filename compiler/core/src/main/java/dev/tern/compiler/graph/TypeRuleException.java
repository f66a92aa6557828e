package dev.tern.compiler.graph;

/** Operands that an operation does not take; the message says which rule they break, with the types. */
public final class TypeRuleException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public TypeRuleException(String message) {
        super(message);
    }
}
