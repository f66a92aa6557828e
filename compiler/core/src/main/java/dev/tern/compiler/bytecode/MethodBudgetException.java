package dev.tern.compiler.bytecode;

/** A generated method is larger than the JIT compiles well: a fault of the compiler, never passed over. */
public final class MethodBudgetException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    MethodBudgetException(ClassDefinition owner, MethodDefinition method, int size) {
        super(owner.name() + "." + method.name() + " came to " + size + " bytes of bytecode; its budget is "
                + method.budget());
    }
}
