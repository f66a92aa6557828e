package dev.tern.compiler.analysis.evaluate;

import dev.tern.compiler.analysis.catalogue.ArgumentReader;
import dev.tern.compiler.analysis.catalogue.Arguments;
import dev.tern.compiler.analysis.catalogue.OpSignature;
import dev.tern.compiler.analysis.value.Function;
import dev.tern.compiler.analysis.value.KnownValue;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.syntax.Expression;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads arguments where only constants can stand: defaults of compile-time arguments, budgets. */
record ConstantsOnly(ExpressionEvaluator expressions, Consumer<Diagnostic> reporter) implements ArgumentReader {
    @Override
    public Optional<KnownValue> constant(Expression argument) {
        return expressions.constant(argument);
    }

    @Override
    public Optional<Function> function(Expression argument) {
        return Optional.empty();
    }

    @Override
    public Optional<TensorValue> tensor(Expression argument) {
        return Optional.empty();
    }

    @Override
    public Optional<Arguments> arguments(OpSignature signature, Expression.Call call) {
        return Optional.empty();
    }

    @Override
    public void report(Diagnostic diagnostic) {
        reporter.accept(diagnostic);
    }
}
