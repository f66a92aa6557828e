package dev.tern.compiler.analysis.evaluate;

import dev.tern.compiler.analysis.catalogue.Arguments;
import dev.tern.compiler.analysis.catalogue.ArithmeticOps;
import dev.tern.compiler.analysis.catalogue.OpDefinition;
import dev.tern.compiler.analysis.catalogue.OpSignature;
import dev.tern.compiler.analysis.draft.LayerScope;
import dev.tern.compiler.analysis.resolve.Application;
import dev.tern.compiler.analysis.resolve.ExpressionKind;
import dev.tern.compiler.analysis.value.ExpressionValue;
import dev.tern.compiler.analysis.value.Function;
import dev.tern.compiler.analysis.value.KnownValue;
import dev.tern.compiler.analysis.value.Operand;
import dev.tern.compiler.analysis.value.TensorValue;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.syntax.Argument;
import dev.tern.compiler.syntax.Expression;
import dev.tern.compiler.syntax.Expression.PipelineStep;
import dev.tern.compiler.syntax.Identifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evaluates expressions in one frame. Where an error was reported before, the value is poison and nothing is said. */
final class ExpressionEvaluator {
    private final EvaluationState evaluation;
    private final Frame frame;
    private final ConstantEvaluator constants;
    private final Applier applier;

    ExpressionEvaluator(EvaluationState evaluation, Frame frame) {
        this.evaluation = evaluation;
        this.frame = frame;
        this.constants = new ConstantEvaluator(frame, diagnostic -> evaluation.report(frame, diagnostic));
        this.applier = new Applier(evaluation, frame, this);
    }

    ExpressionValue evaluate(Expression expression, LayerScope scope) {
        return switch (evaluation.resolution().kind(expression)) {
            case TENSOR -> tensor(expression, scope).<ExpressionValue>map(t -> t).orElse(ExpressionValue.POISON);
            case CONSTANT -> constant(expression).<ExpressionValue>map(c -> c).orElse(ExpressionValue.POISON);
            case FUNCTION -> function(expression).<ExpressionValue>map(f -> f).orElse(ExpressionValue.POISON);
            case UNKNOWN -> ExpressionValue.POISON;
        };
    }

    Optional<KnownValue> constant(Expression expression) {
        return evaluation.resolution().kind(expression) == ExpressionKind.CONSTANT
                ? constants.evaluate(expression)
                : Optional.empty();
    }

    /** Reads arguments that open no layers: those of a {@code default} statement. */
    Optional<Arguments> arguments(OpSignature signature, Map<String, Argument> matched) {
        return applier.arguments(signature, matched, LayerScope.root(null));
    }

    // Tensors

    Optional<TensorValue> tensor(Expression expression, LayerScope scope) {
        return tensor(expression, scope, null);
    }

    /** @param name what {@code as} calls it, or null */
    private Optional<TensorValue> tensor(Expression expression, LayerScope scope, Identifier name) {
        if (evaluation.resolution().kind(expression) != ExpressionKind.TENSOR) {
            return Optional.empty();
        }
        evaluation.descend(expression.span());
        Optional<Application> application = evaluation.resolution().application(expression);
        Optional<TensorValue> value = application.isPresent()
                ? applier.apply(application.get(), Optional.empty(), scope, name)
                : direct(expression, scope, name);
        evaluation.ascend();
        return value;
    }

    /** A tensor that is no application of its own. */
    private Optional<TensorValue> direct(Expression expression, LayerScope scope, Identifier name) {
        return switch (expression) {
            case Expression.Name(Identifier identifier) -> frame.value(identifier.text()) instanceof TensorValue tensor
                    ? Optional.of(tensor)
                    : Optional.empty();
            case Expression.Unary unary -> unary(unary, scope, name);
            case Expression.Binary binary -> binary(binary, scope, name);
            case Expression.Pipeline pipeline -> pipeline(pipeline, scope);
            case Expression.Call _,Expression.Literal _ -> Optional.empty();
            case Expression.Range _,Expression.ListLiteral _,Expression.Inferred _ -> Optional.empty();
        };
    }

    private Optional<TensorValue> unary(Expression.Unary unary, LayerScope scope, Identifier name) {
        Optional<Operand> operand = operand(unary.operand(), scope);
        if (operand.isEmpty() || unary.operator() == Expression.UnaryOperator.PLUS) {
            return operand.map(Operand::value);
        }
        return applier.arithmetic(ArithmeticOps.MULTIPLY, List.of(number(-1, unary, scope), operand.get()), unary
                .span(),
                scope, name);
    }

    private Optional<TensorValue> binary(Expression.Binary binary, LayerScope scope, Identifier name) {
        Optional<Operand> left = operand(binary.left(), scope);
        Optional<Operand> right = operand(binary.right(), scope);
        if (left.isEmpty() || right.isEmpty()) {
            return Optional.empty();
        }
        OpDefinition op = switch (binary.operator()) {
            case ADD -> ArithmeticOps.ADD;
            case SUBTRACT -> ArithmeticOps.SUBTRACT;
            case MULTIPLY -> ArithmeticOps.MULTIPLY;
            case DIVIDE -> ArithmeticOps.DIVIDE;
            case OR, AND, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
                throw new IllegalStateException(binary.operator() + " of tensors");
        };
        return applier.arithmetic(op, List.of(left.get(), right.get()), binary.span(), scope, name);
    }

    /** A tensor, or a number as a scalar of the graph. */
    private Optional<Operand> operand(Expression expression, LayerScope scope) {
        if (evaluation.resolution().kind(expression) != ExpressionKind.CONSTANT) {
            return tensor(expression, scope).map(value -> new Operand(value, expression.span()));
        }
        Optional<KnownValue> constant = constant(expression);
        if (constant.isEmpty()) {
            return Optional.empty();
        }
        Optional<Double> number = constant.get().number().filter(n -> Float.isFinite((float) n.doubleValue()));
        if (number.isEmpty()) {
            evaluation.report(frame, Diagnostic.error(DiagnosticCode.BAD_ARGUMENT,
                    "only a number that fits f32 can be computed with a tensor, not " + constant.get().describe(),
                    expression.span(), ""));
        }
        return number.map(n -> number((float) n.doubleValue(), expression, scope));
    }

    private Operand number(float number, Expression at, LayerScope scope) {
        ValueId id = evaluation.draft().add(new Operation.Constant(Tensor.scalar(number)), scope, at.span());
        return new Operand(new TensorValue(id, evaluation.draft().type(id)), at.span());
    }

    // Pipelines

    private Optional<TensorValue> pipeline(Expression.Pipeline pipeline, LayerScope scope) {
        PipelineStep head = pipeline.steps().getFirst();
        Optional<TensorValue> value = head(head, scope);
        return value.flatMap(v -> steps(pipeline.steps().subList(1, pipeline.steps().size()),
                new Operand(v, head.expression().span()), scope));
    }

    private Optional<TensorValue> head(PipelineStep head, LayerScope scope) {
        if (head.condition() == null) {
            return tensor(head.expression(), scope, head.name());
        }
        // `relu(x) if c` is x where c does not hold.
        Optional<Application> application = evaluation.resolution().application(head.expression());
        Optional<Boolean> holds = condition(head.condition());
        if (application.isEmpty() || holds.isEmpty()) {
            return Optional.empty();
        }
        return holds.get()
                ? applier.apply(application.get(), Optional.empty(), scope, head.name())
                : tensor(application.get().operands().getFirst(), scope);
    }

    private Optional<TensorValue> steps(List<PipelineStep> steps, Operand head, LayerScope scope) {
        Operand operand = head;
        for (PipelineStep step : steps) {
            Optional<TensorValue> value = step(step, operand, scope);
            if (value.isEmpty()) {
                return value;
            }
            operand = new Operand(value.get(), step.expression().span());
        }
        return Optional.of(operand.value());
    }

    private Optional<TensorValue> step(PipelineStep step, Operand x, LayerScope scope) {
        if (step.condition() != null) {
            Optional<Boolean> holds = condition(step.condition());
            if (holds.isEmpty() || !holds.get()) {
                return holds.map(_ -> x.value());
            }
        }
        Optional<Application> application = evaluation.resolution().application(step.expression());
        if (application.isPresent()) {
            return applier.apply(application.get(), Optional.of(x), scope, step.name());
        }
        return function(step.expression()).flatMap(function -> function.apply(x, scope));
    }

    private Optional<Boolean> condition(Expression condition) {
        Optional<KnownValue> constant = constant(condition);
        if (constant.isPresent() && !(constant.get() instanceof KnownValue.Truth)) {
            evaluation.report(frame, Diagnostic.error(DiagnosticCode.BAD_ARGUMENT,
                    "a condition is `true` or `false`, not " + constant.get().describe(), condition.span(), ""));
        }
        return constant.flatMap(c -> c instanceof KnownValue.Truth(boolean holds)
                ? Optional.of(holds)
                : Optional.empty());
    }

    // Functions

    Optional<Function> function(Expression expression) {
        if (evaluation.resolution().kind(expression) != ExpressionKind.FUNCTION) {
            return Optional.empty();
        }
        Optional<Application> application = evaluation.resolution().application(expression);
        if (application.isPresent()) {
            return Optional.of((x, scope) -> applier.apply(application.get(), Optional.of(x), scope, null));
        }
        return expression instanceof Expression.Pipeline pipeline
                ? Optional.of((x, scope) -> {
                    // Counted although its steps are: it may have none that hold.
                    evaluation.countApplication(pipeline.span());
                    return steps(pipeline.steps(), x, scope);
                })
                : Optional.empty();
    }
}
