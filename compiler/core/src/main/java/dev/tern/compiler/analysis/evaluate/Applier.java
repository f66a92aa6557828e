package dev.tern.compiler.analysis.evaluate;

import dev.tern.compiler.analysis.catalogue.ArgumentMatcher;
import dev.tern.compiler.analysis.catalogue.ArgumentReader;
import dev.tern.compiler.analysis.catalogue.Arguments;
import dev.tern.compiler.analysis.catalogue.OpCall;
import dev.tern.compiler.analysis.catalogue.OpDefinition;
import dev.tern.compiler.analysis.catalogue.OpSignature;
import dev.tern.compiler.analysis.catalogue.WeightSchemes;
import dev.tern.compiler.analysis.draft.LayerScope;
import dev.tern.compiler.analysis.resolve.Application;
import dev.tern.compiler.analysis.value.Function;
import dev.tern.compiler.analysis.value.KnownValue;
import dev.tern.compiler.analysis.value.Operand;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.syntax.Argument;
import dev.tern.compiler.syntax.Expression;
import dev.tern.compiler.syntax.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applies ops, blocks and functions in one frame. */
final class Applier {
    private final EvaluationState evaluation;
    private final Frame frame;
    private final ExpressionEvaluator expressions;

    Applier(EvaluationState evaluation, Frame frame, ExpressionEvaluator expressions) {
        this.evaluation = evaluation;
        this.frame = frame;
        this.expressions = expressions;
    }

    /**
     * @param piped what stands before {@code |>}, if anything does
     * @param scope where layers go
     * @param name what {@code as} calls it, or null
     */
    Optional<TensorValue> apply(Application application, Optional<Operand> piped, LayerScope scope,
            Identifier name) {
        evaluation.countApplication(application.span());
        evaluation.descend(application.span());
        Optional<TensorValue> value = operands(application, piped, scope)
                .flatMap(operands -> switch (application.target()) {
                    case Application.Op(OpDefinition op) -> arguments(op.signature(), application.arguments(), scope)
                            .flatMap(arguments -> call(op, operands, arguments, application.span(), scope, name));
                    case Application.DefinedBlock(var block) -> new BlockApplication(evaluation, frame, block)
                            .apply(operands, application, reader(scope), scope, name);
                    case Application.Named(String function) ->
                        named(function, operands.getFirst(), application.span(), scope, name);
                });
        evaluation.ascend();
        return value;
    }

    private Optional<List<Operand>> operands(Application application, Optional<Operand> piped, LayerScope scope) {
        List<Operand> operands = new ArrayList<>(piped.stream().toList());
        for (Expression expression : application.operands()) {
            Optional<TensorValue> value = expressions.tensor(expression, scope);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            operands.add(new Operand(value.get(), expression.span()));
        }
        return Optional.of(operands);
    }

    private Optional<TensorValue> named(String function, Operand x, SourceSpan span, LayerScope scope,
            Identifier name) {
        LayerScope inner = name == null ? scope.block(function, span) : scope.named(name.text(), name.span());
        return frame.value(function) instanceof Function f ? f.apply(x, inner) : Optional.empty();
    }

    Optional<TensorValue> arithmetic(OpDefinition op, List<Operand> operands, SourceSpan span, LayerScope scope,
            Identifier name) {
        evaluation.countApplication(span);
        return arguments(op.signature(), Map.of(), scope)
                .flatMap(arguments -> call(op, operands, arguments, span, scope, name));
    }

    private Optional<TensorValue> call(OpDefinition op, List<Operand> operands, Arguments arguments, SourceSpan span,
            LayerScope scope, Identifier name) {
        LayerScope layer = name != null
                ? scope.named(name.text(), name.span())
                : op.layer() ? scope.op(op.name(), span) : scope;
        OpCall call = new OpCall(op, operands, arguments, layer, frame.defaults(), evaluation.draft(), span,
                diagnostic -> evaluation.report(frame, diagnostic));
        Optional<TensorValue> value = call.takesOperands()
                ? op.shape().shape(call).flatMap(shape -> op.builder().build(call, shape))
                : Optional.empty();
        if (op.layer()) {
            value.ifPresent(result -> evaluation.layers().add(layer(call, result)));
        }
        value.ifPresent(result -> evaluation.listener().applied(span, result.type(), weights(call), activations(call)));
        return value;
    }

    private LayerDraft layer(OpCall call, TensorValue result) {
        return new LayerDraft(call.scope(), call.name(), weights(call), activations(call), result.type(),
                frame.documentation(), call.span());
    }

    private static Optional<String> weights(OpCall call) {
        return call.op().weighted() ? Optional.of(WeightSchemes.describe(call.weights())) : Optional.empty();
    }

    private static Optional<String> activations(OpCall call) {
        return call.op().weighted() ? Optional.of(call.activations().describe()) : Optional.empty();
    }

    Optional<Arguments> arguments(OpSignature signature, Map<String, Argument> matched, LayerScope scope) {
        return Arguments.read(signature, matched, reader(scope));
    }

    private ArgumentReader reader(LayerScope scope) {
        return new ArgumentReader() {
            @Override
            public Optional<KnownValue> constant(Expression argument) {
                return expressions.constant(argument);
            }

            @Override
            public Optional<Function> function(Expression argument) {
                return expressions.function(argument);
            }

            @Override
            public Optional<TensorValue> tensor(Expression argument) {
                return expressions.tensor(argument, scope);
            }

            @Override
            public Optional<Arguments> arguments(OpSignature signature, Expression.Call call) {
                // What does not match was reported when names were resolved.
                return ArgumentMatcher.match(signature, call.arguments(), call.span(), _ -> {
                }).flatMap(matched -> Arguments.read(signature, matched, this));
            }

            @Override
            public void report(Diagnostic diagnostic) {
                evaluation.report(frame, diagnostic);
            }
        };
    }
}
