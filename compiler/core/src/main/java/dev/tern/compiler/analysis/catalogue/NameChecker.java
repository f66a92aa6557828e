package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.syntax.Expression;

/** Checks names in arguments as far as that is possible without shapes. */
public interface NameChecker {
    /** The argument must be made of constants. */
    void constant(Expression argument);

    /** The argument must be an op, a block or a pipeline without a head. */
    void function(Expression argument);

    /** The argument must be a value of the model. */
    void tensor(Expression argument);

    /** Checks the arguments of a scheme or of another call that only has a meaning inside an argument. */
    void arguments(OpSignature signature, Expression.Call call);

    void report(Diagnostic diagnostic);
}
