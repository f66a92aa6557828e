package dev.tern.compiler.analysis.resolve;

import static dev.tern.compiler.analysis.resolve.ExpressionKind.CONSTANT;
import static dev.tern.compiler.analysis.resolve.ExpressionKind.FUNCTION;
import static dev.tern.compiler.analysis.resolve.ExpressionKind.TENSOR;
import static dev.tern.compiler.analysis.resolve.ExpressionKind.UNKNOWN;

import dev.tern.compiler.analysis.catalogue.ArgumentMatcher;
import dev.tern.compiler.analysis.catalogue.NameChecker;
import dev.tern.compiler.analysis.catalogue.OpSignature;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.compiler.syntax.Expression;
import dev.tern.compiler.syntax.Expression.BinaryOperator;
import dev.tern.compiler.syntax.Expression.PipelineStep;
import java.util.List;
import java.util.function.Consumer;

/** Finds what the names in the expressions of one model or block refer to. */
final class ExpressionResolver implements NameChecker {
    /** Expressions nested deeper than this are refused, so that no recursion runs out of stack. */
    static final int DEEPEST = 300;

    private final Resolution resolution;
    private final Consumer<Diagnostic> report;
    private final NameLookup names;
    private final CallResolver calls;
    private int depth;
    private int reported;

    ExpressionResolver(Resolution resolution, NameLookup names, Consumer<Diagnostic> report) {
        this.resolution = resolution;
        this.names = names;
        this.report = report;
        this.calls = new CallResolver(resolution, names, this);
    }

    /** Resolves an expression that is not the step of a pipeline behind another. */
    ExpressionKind resolve(Expression expression) {
        if (depth >= DEEPEST) {
            report(Diagnostic.error(DiagnosticCode.NESTED_TOO_DEEP,
                    "expressions are nested deeper than " + DEEPEST + " levels", expression.span(), ""));
            return UNKNOWN;
        }
        depth++;
        ExpressionKind kind = kindOf(expression);
        depth--;
        resolution.add(expression, kind);
        return kind;
    }

    private ExpressionKind kindOf(Expression expression) {
        return switch (expression) {
            case Expression.Literal _ ->
                CONSTANT;
            case Expression.Range range -> {
                constant(range.low());
                constant(range.high());
                yield CONSTANT;
            }
            case Expression.ListLiteral list -> {
                list.elements().stream().filter(e -> !(e instanceof Expression.Inferred)).forEach(this::constant);
                yield CONSTANT;
            }
            case Expression.Inferred inferred -> fail(DiagnosticCode.BAD_ARGUMENT,
                    "`_` stands for a dimension; there is nothing to infer here", inferred.span());
            case Expression.Name name -> calls.name(name, false);
            case Expression.Call call -> calls.call(call, false);
            case Expression.Unary unary when unary.operator() == Expression.UnaryOperator.NOT -> {
                constant(unary.operand());
                yield CONSTANT;
            }
            case Expression.Unary unary -> arithmetic(List.of(unary.operand()));
            case Expression.Binary binary when isArithmetic(binary.operator()) ->
                arithmetic(List.of(binary.left(), binary.right()));
            case Expression.Binary binary -> {
                constant(binary.left());
                constant(binary.right());
                yield CONSTANT;
            }
            case Expression.Pipeline pipeline -> pipeline(pipeline);
        };
    }

    static boolean isArithmetic(BinaryOperator operator) {
        return switch (operator) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE -> true;
            case OR, AND, EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> false;
        };
    }

    private ExpressionKind arithmetic(List<Expression> operands) {
        ExpressionKind kind = CONSTANT;
        for (Expression operand : operands) {
            ExpressionKind each = resolve(operand);
            if (each == FUNCTION) {
                report(Diagnostic.error(DiagnosticCode.NOT_A_TENSOR,
                        "this is a function that waits for its operand, not a value to compute with",
                        operand.span(), "")
                        .help("`|>` binds loosest: a pipeline that is added to something stands in parentheses"));
                each = UNKNOWN;
            }
            kind = kind == UNKNOWN || each == UNKNOWN ? UNKNOWN : kind == TENSOR ? TENSOR : each;
        }
        return kind;
    }

    private ExpressionKind pipeline(Expression.Pipeline pipeline) {
        List<PipelineStep> steps = pipeline.steps();
        ExpressionKind kind = resolve(steps.getFirst().expression());
        suffixes(steps.getFirst(), kind);
        if (kind == CONSTANT && steps.size() > 1) {
            kind = fail(DiagnosticCode.NOT_A_TENSOR, "a constant cannot be the head of a pipeline",
                    steps.getFirst().span());
        }
        for (PipelineStep step : steps.subList(1, steps.size())) {
            ExpressionKind each = step(step);
            suffixes(step, each);
            if (each == UNKNOWN) {
                kind = UNKNOWN;
            }
        }
        return kind;
    }

    /** A step behind another: what it is before it gets its operand, so FUNCTION where all is well. */
    private ExpressionKind step(PipelineStep step) {
        ExpressionKind kind = switch (step.expression()) {
            case Expression.Name name -> calls.name(name, true);
            case Expression.Call call -> calls.call(call, true);
            case Expression other -> resolve(other);
        };
        resolution.add(step.expression(), kind);
        if (kind == TENSOR || kind == CONSTANT) {
            return fail(DiagnosticCode.NOT_A_FUNCTION,
                    "a value cannot be applied; `|>` needs an op, a block or a pipeline without a head behind it",
                    step.expression().span());
        }
        return kind;
    }

    private void suffixes(PipelineStep step, ExpressionKind kind) {
        if (step.condition() != null) {
            constant(step.condition());
        }
        boolean applied = switch (step.expression()) {
            case Expression.Name _,Expression.Call _ -> resolution.application(step.expression()).isPresent();
            case Expression.Binary _,Expression.Unary _ -> kind == TENSOR && step.condition() == null;
            case Expression.Pipeline _ -> kind == FUNCTION && step.name() == null;
            case Expression.Literal _,Expression.Range _,Expression.ListLiteral _,Expression.Inferred _ ->
                false;
        };
        if (!applied && kind != UNKNOWN && (step.name() != null || step.condition() != null)) {
            SourceSpan span = step.name() != null ? step.name().span() : step.condition().span();
            fail(DiagnosticCode.NOT_A_FUNCTION,
                    "only a single op or block can be " + (step.name() != null ? "renamed" : "left out")
                            + "; there is none here",
                    span);
        }
    }

    /** How many errors were found in expressions. */
    int reported() {
        return reported;
    }

    ExpressionKind fail(DiagnosticCode code, String message, SourceSpan span) {
        report(Diagnostic.error(code, message, span, ""));
        return UNKNOWN;
    }

    // What arguments need

    @Override
    public void constant(Expression argument) {
        ExpressionKind kind = resolve(argument);
        if (kind == TENSOR || kind == FUNCTION) {
            fail(DiagnosticCode.NOT_A_CONSTANT, kind == TENSOR
                    ? "this is only known at run time; a constant is needed"
                    : "this is a function; a constant is needed", argument.span());
        }
    }

    @Override
    public void function(Expression argument) {
        ExpressionKind kind = resolve(argument);
        if (kind == TENSOR || kind == CONSTANT) {
            fail(DiagnosticCode.NOT_A_FUNCTION,
                    "a function is needed: an op, a block or a pipeline without a head, as in `dense(64) |> relu`",
                    argument.span());
        }
    }

    @Override
    public void tensor(Expression argument) {
        ExpressionKind kind = resolve(argument);
        if (kind == FUNCTION || kind == CONSTANT) {
            fail(DiagnosticCode.NOT_A_TENSOR, "a value of the model is needed, not "
                    + (kind == FUNCTION ? "a function" : "a constant"), argument.span());
        }
    }

    @Override
    public void arguments(OpSignature signature, Expression.Call call) {
        ArgumentMatcher.match(signature, call.arguments(), call.span(), this::report)
                .ifPresent(matched -> matched.forEach((name, argument) -> signature.find(name).orElseThrow().kind()
                        .check(argument.value(), this)));
    }

    @Override
    public void report(Diagnostic diagnostic) {
        reported++;
        report.accept(diagnostic);
    }
}
