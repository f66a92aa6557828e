package dev.tern.compiler.syntax;

import java.util.List;
import java.util.Optional;

/** Prints expressions on one line, as long as they fit and hold no comment. */
final class FlatPrinter {
    private final Comments comments;
    private final int limit;
    private final StringBuilder out = new StringBuilder();

    /** @param limit longest text that is of interest */
    FlatPrinter(Comments comments, int limit) {
        this.comments = comments;
        this.limit = limit;
    }

    /**
     * The text of an expression, in parentheses if it binds looser than asked for.
     *
     * @return empty if it is longer than the limit or has a comment inside
     */
    Optional<String> print(Expression expression, int precedence) {
        return expression(expression, precedence) ? Optional.of(out.toString()) : Optional.empty();
    }

    Optional<String> print(Expression.PipelineStep step) {
        return step(step) ? Optional.of(out.toString()) : Optional.empty();
    }

    Optional<String> print(List<Argument> arguments) {
        return arguments(arguments) ? Optional.of(out.toString()) : Optional.empty();
    }

    private boolean add(String text) {
        out.append(text);
        return out.length() <= limit;
    }

    private boolean expression(Expression expression, int precedence) {
        if (comments.isBroken(expression)) {
            return false;
        }
        boolean open = Precedence.of(expression) < precedence;
        return (!open || add("(")) && bare(expression) && (!open || add(")"));
    }

    private boolean bare(Expression expression) {
        return switch (expression) {
            case Expression.IntegerLiteral integer -> add(Long.toString(integer.value()));
            case Expression.DecimalLiteral decimal -> add(decimal.text());
            case Expression.Text text -> add(LiteralReader.quote(text.value()));
            case Expression.BooleanLiteral bool -> add(Boolean.toString(bool.value()));
            case Expression.Size size -> size(size);
            case Expression.Bytes bytes ->
                add(bytes.value() / LiteralReader.bytesIn(bytes.unit()) + " " + bytes.unit());
            case Expression.Range range -> range(range);
            case Expression.ListLiteral list -> add("[") && list(list.elements()) && add("]");
            case Expression.Name name -> add(name.identifier().text());
            case Expression.Inferred inferred -> add("_");
            case Expression.Call call -> add(call.callee().text()) && add("(") && arguments(call.arguments())
                    && add(")");
            case Expression.Unary unary -> add(sign(unary.operator()))
                    && expression(unary.operand(), Precedence.operand(unary.operator()));
            case Expression.Binary binary -> expression(binary.left(), Precedence.left(binary.operator()))
                    && add(" " + binary.operator().symbol() + " ")
                    && expression(binary.right(), Precedence.right(binary.operator()));
            case Expression.Pipeline pipeline -> pipeline(pipeline);
        };
    }

    static String sign(Expression.UnaryOperator operator) {
        return operator == Expression.UnaryOperator.NOT ? "not " : operator.symbol();
    }

    private boolean size(Expression.Size size) {
        return add(String.join("x", size.extents().stream().map(String::valueOf).toList()));
    }

    private boolean range(Expression.Range range) {
        return expression(range.low(), Precedence.RANGE_END) && add(dots(range))
                && expression(range.high(), Precedence.RANGE_END);
    }

    /** The sign of a range, with space around it where its ends have some inside. */
    static String dots(Expression.Range range) {
        return range.low() instanceof Expression.Binary || range.high() instanceof Expression.Binary ? " .. " : "..";
    }

    private boolean list(List<Expression> elements) {
        for (int i = 0; i < elements.size(); i++) {
            if (!(i == 0 || add(", ")) || !expression(elements.get(i), Precedence.PIPELINE)) {
                return false;
            }
        }
        return true;
    }

    private boolean arguments(List<Argument> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            Argument argument = arguments.get(i);
            boolean fits = (i == 0 || add(", ")) && (argument.name() == null || add(argument.name().text() + ": "))
                    && expression(argument.value(), Precedence.PIPELINE);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private boolean pipeline(Expression.Pipeline pipeline) {
        for (int i = 0; i < pipeline.steps().size(); i++) {
            if (!(i == 0 || add(" |> ")) || !step(pipeline.steps().get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean step(Expression.PipelineStep step) {
        return expression(step.expression(), Precedence.STEP)
                && (step.name() == null || add(" as " + step.name().text()))
                && (step.condition() == null || add(" if ") && expression(step.condition(), Precedence.STEP));
    }
}
