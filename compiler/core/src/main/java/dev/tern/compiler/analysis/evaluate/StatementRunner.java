package dev.tern.compiler.analysis.evaluate;

import dev.tern.compiler.analysis.catalogue.ArgumentMatcher;
import dev.tern.compiler.analysis.catalogue.Arguments;
import dev.tern.compiler.analysis.catalogue.Schemes;
import dev.tern.compiler.analysis.draft.LayerScope;
import dev.tern.compiler.analysis.value.ExpressionValue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.syntax.Argument;
import dev.tern.compiler.syntax.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Runs the statements of a model or of one application of a block. */
final class StatementRunner {
    private final EvaluationState evaluation;
    private final Frame frame;
    private final ExpressionEvaluator expressions;

    StatementRunner(EvaluationState evaluation, Frame frame, ExpressionEvaluator expressions) {
        this.evaluation = evaluation;
        this.frame = frame;
        this.expressions = expressions;
    }

    /** @param scopes gives each binding the scope of its layers */
    void run(List<Statement> statements, Function<Statement.Binding, LayerScope> scopes) {
        defaults(statements);
        String inherited = frame.documentation();
        for (Statement statement : statements) {
            if (statement instanceof Statement.Binding binding) {
                frame.documentation(binding.documentation().isEmpty() ? inherited : binding.documentation());
                ExpressionValue value = expressions.evaluate(binding.value(), scopes.apply(binding));
                frame.define(binding.name().text(), value);
                evaluation.listener().bound(binding.name(), value);
            }
        }
    }

    /** Defaults hold for all statements, wherever they stand among them. */
    private void defaults(List<Statement> statements) {
        Map<String, Argument> given = new HashMap<>();
        Schemes schemes = frame.defaults();
        for (Statement statement : statements) {
            if (statement instanceof Statement.Default defaults) {
                schemes = set(defaults, schemes, given);
            }
        }
        frame.defaults(schemes);
    }

    private Schemes set(Statement.Default defaults, Schemes schemes, Map<String, Argument> given) {
        Optional<Map<String, Argument>> matched = ArgumentMatcher.match(Schemes.DEFAULTS, defaults.arguments(),
                defaults.span(), _ -> {
                    // Reported when names were resolved.
                });
        matched.ifPresent(map -> map.forEach((name, argument) -> {
            Argument before = given.putIfAbsent(name, argument);
            if (before != null) {
                evaluation.report(frame,
                        Diagnostic
                                .error(DiagnosticCode.DUPLICATE_ARGUMENT,
                                        "the default of `" + name + "` is given twice", argument.span(),
                                        "given again here")
                                .alsoAt(before.span(), "first given here"));
            }
        }));
        Optional<Arguments> read = matched.flatMap(map -> expressions.arguments(Schemes.DEFAULTS, map));
        return read.map(arguments -> new Schemes(arguments.find(Schemes.WEIGHTS).orElse(schemes.weights()),
                arguments.find(Schemes.ACTIVATIONS).orElse(schemes.activations()))).orElse(schemes);
    }
}
