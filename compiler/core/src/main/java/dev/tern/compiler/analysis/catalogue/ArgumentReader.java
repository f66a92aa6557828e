package dev.tern.compiler.analysis.catalogue;

import dev.tern.compiler.analysis.value.Function;
import dev.tern.compiler.analysis.value.KnownValue;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.syntax.Expression;
import java.util.Optional;

/** Evaluates arguments where they stand; what is empty has been reported. */
public interface ArgumentReader {
    Optional<KnownValue> constant(Expression argument);

    Optional<Function> function(Expression argument);

    Optional<TensorValue> tensor(Expression argument);

    /** Reads the arguments of a scheme or of another call that only has a meaning inside an argument. */
    Optional<Arguments> arguments(OpSignature signature, Expression.Call call);

    void report(Diagnostic diagnostic);
}
