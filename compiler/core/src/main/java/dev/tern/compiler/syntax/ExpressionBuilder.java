package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.SourceSpan;
import dev.tern.grammar.TernParser;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/** Turns ANTLR's parse tree of an expression into ours. The depth is bounded by {@link TokenScan#MAX_DEPTH}. */
final class ExpressionBuilder {
    private final TokenScan scan;
    private final LiteralReader literals;
    private final SyntaxReport report;

    ExpressionBuilder(TokenScan scan, LiteralReader literals, SyntaxReport report) {
        this.scan = scan;
        this.literals = literals;
        this.report = report;
    }

    List<Expression> pipelines(List<TernParser.PipelineContext> contexts) {
        List<Expression> expressions = new ArrayList<>();
        contexts.forEach(context -> expressions.add(pipeline(context)));
        return expressions;
    }

    Expression pipeline(TernParser.PipelineContext context) {
        List<Expression.PipelineStep> steps = new ArrayList<>();
        context.step().forEach(step -> steps.add(step(step)));
        Expression.PipelineStep first = steps.getFirst();
        boolean bare = steps.size() == 1 && first.name() == null && first.condition() == null;
        return bare ? first.expression() : new Expression.Pipeline(steps, span(context));
    }

    private Expression.PipelineStep step(TernParser.StepContext context) {
        Identifier name = null;
        Expression condition = null;
        for (TernParser.SuffixContext suffix : context.suffix()) {
            boolean twice = switch (suffix) {
                case TernParser.NameSuffixContext as -> name != null;
                case TernParser.ConditionSuffixContext when -> condition != null;
                default -> throw new IllegalStateException("unknown suffix " + suffix.getClass());
            };
            if (twice) {
                reportTwice(suffix);
            } else if (suffix instanceof TernParser.NameSuffixContext as) {
                name = identifier(as.name());
            } else if (suffix instanceof TernParser.ConditionSuffixContext when) {
                condition = expression(when.expression());
            }
        }
        return new Expression.PipelineStep(expression(context.expression()), name, condition, span(context));
    }

    private void reportTwice(TernParser.SuffixContext suffix) {
        boolean names = suffix instanceof TernParser.NameSuffixContext;
        report.add(SyntaxErrors
                .error("a second `" + suffix.getStart().getText() + "` on one step", span(suffix), "")
                .help(names ? "a step has one name" : "join the conditions with `and`"));
    }

    private Expression expression(TernParser.ExpressionContext context) {
        return switch (context) {
            case TernParser.PrimaryExpressionContext primary -> primary(primary.primary());
            case TernParser.SignExpressionContext sign -> new Expression.Unary(
                    sign.operator.getType() == TernParser.MINUS
                            ? Expression.UnaryOperator.NEGATE
                            : Expression.UnaryOperator.PLUS,
                    expression(sign.expression()), span(sign));
            case TernParser.NotExpressionContext not ->
                new Expression.Unary(Expression.UnaryOperator.NOT, expression(not.expression()), span(not));
            case TernParser.RangeExpressionContext range -> range(range);
            case TernParser.BinaryExpressionContext binary -> binary(binary);
            default -> throw new IllegalStateException("unknown expression " + context.getClass());
        };
    }

    private Expression range(TernParser.RangeExpressionContext range) {
        Expression low = expression(range.expression(0));
        if (range.expression(0) instanceof TernParser.RangeExpressionContext) {
            report.add(SyntaxErrors.error("a range has two ends", scan.span(range.RANGE().getSymbol()),
                    "a third end follows"));
        }
        return new Expression.Range(low, expression(range.expression(1)), span(range));
    }

    private Expression binary(TernParser.BinaryExpressionContext binary) {
        Expression.BinaryOperator operator = operator(binary.operator);
        Expression left = expression(binary.expression(0));
        Expression right = expression(binary.expression(1));
        boolean chained = operator.precedence() == Expression.BinaryOperator.EQUAL.precedence()
                && binary.expression(0) instanceof TernParser.BinaryExpressionContext
                && left instanceof Expression.Binary inner
                && inner.operator().precedence() == operator.precedence();
        if (chained) {
            report.add(SyntaxErrors
                    .error("comparisons do not chain", scan.span(binary.operator), "a second comparison")
                    .help("join them with `and`: `0 < n and n < 9`"));
        }
        return new Expression.Binary(operator, left, right, span(binary));
    }

    private static Expression.BinaryOperator operator(Token token) {
        for (Expression.BinaryOperator operator : Expression.BinaryOperator.values()) {
            if (operator.symbol().equals(token.getText())) {
                return operator;
            }
        }
        throw new IllegalStateException("unknown operator " + token.getText());
    }

    private Expression primary(TernParser.PrimaryContext context) {
        SourceSpan span = span(context);
        return switch (context) {
            case TernParser.IntegerPrimaryContext number -> number.BYTE_UNIT() == null
                    ? new Expression.IntegerLiteral(literals.integer(number.INTEGER().getSymbol()), span)
                    : literals.bytes(number.INTEGER().getSymbol(), number.BYTE_UNIT().getText(), span);
            case TernParser.DecimalPrimaryContext number -> literals.decimal(number.DECIMAL().getSymbol());
            case TernParser.SizePrimaryContext size -> literals.size(size.SIZE().getSymbol());
            case TernParser.StringPrimaryContext string -> literals.text(string.STRING().getSymbol());
            case TernParser.BooleanPrimaryContext value ->
                new Expression.BooleanLiteral(value.value.getType() == TernParser.TRUE, span);
            case TernParser.InferredPrimaryContext inferred -> new Expression.Inferred(span);
            case TernParser.NamePrimaryContext name -> name.arguments() == null
                    ? new Expression.Name(identifier(name.name()))
                    : new Expression.Call(identifier(name.name()), arguments(name.arguments()), span);
            case TernParser.ListPrimaryContext list -> new Expression.ListLiteral(pipelines(list.pipeline()), span);
            case TernParser.GroupPrimaryContext group -> pipeline(group.pipeline());
            default -> throw new IllegalStateException("unknown primary " + context.getClass());
        };
    }

    private List<Argument> arguments(TernParser.ArgumentsContext context) {
        List<Argument> arguments = new ArrayList<>();
        for (TernParser.ArgumentContext argument : context.argument()) {
            arguments.add(new Argument(argument.name() == null ? null : identifier(argument.name()),
                    pipeline(argument.pipeline()), span(argument)));
        }
        return arguments;
    }

    long whole(Token token) {
        return literals.integer(token);
    }

    Identifier identifier(TernParser.NameContext name) {
        return new Identifier(name.getStart().getText(), scan.span(name.getStart()));
    }

    private SourceSpan span(ParserRuleContext context) {
        return scan.span(context.getStart(), context.getStop());
    }
}
