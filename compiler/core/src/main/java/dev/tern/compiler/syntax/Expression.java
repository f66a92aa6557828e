package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.SourceSpan;
import java.util.List;

/** An expression as written. */
public sealed interface Expression {
    SourceSpan span();

    /** A constant that is written out. */
    sealed interface Literal extends Expression {
    }

    /** A whole number: {@code 28}. */
    record IntegerLiteral(long value, SourceSpan span) implements Literal {
    }

    /** A number with a point or an exponent: {@code 0.7}, {@code 1e-5}; the text is kept for printing. */
    record DecimalLiteral(String text, double value, SourceSpan span) implements Literal {
    }

    /** A quoted string, without its quotes and with its escapes resolved. */
    record Text(String value, SourceSpan span) implements Literal {
    }

    /** {@code true} or {@code false}. */
    record BooleanLiteral(boolean value, SourceSpan span) implements Literal {
    }

    /** {@code 3x3}, {@code 10x4}: sizes, outermost first. */
    record Size(List<Long> extents, SourceSpan span) implements Literal {
        public Size {
            extents = List.copyOf(extents);
        }
    }

    /** {@code 40 KiB}: the number of bytes it comes to (40960), and the unit as written. */
    record Bytes(long value, String unit, SourceSpan span) implements Literal {
    }

    /** {@code 0..1}. */
    record Range(Expression low, Expression high, SourceSpan span) implements Expression {
    }

    /** {@code [1, 2, 3]}. */
    record ListLiteral(List<Expression> elements, SourceSpan span) implements Expression {
        public ListLiteral {
            elements = List.copyOf(elements);
        }
    }

    /** A name: of a value, a dimension, a compile-time argument, an op without arguments, a scheme. */
    record Name(Identifier identifier) implements Expression {
        @Override
        public SourceSpan span() {
            return identifier.span();
        }
    }

    /** {@code _}: inferred. */
    record Inferred(SourceSpan span) implements Expression {
    }

    /** {@code conv(16, 3x3, stride: 2)}. */
    record Call(Identifier callee, List<Argument> arguments, SourceSpan span) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code -x}, {@code +1}, {@code not x}. */
    record Unary(UnaryOperator operator, Expression operand, SourceSpan span) implements Expression {
    }

    /** {@code a + b}, {@code a or b}, {@code a != b}. */
    record Binary(BinaryOperator operator, Expression left, Expression right, SourceSpan span) implements Expression {
    }

    /**
     * {@code head |> step |> step}; a pipeline whose first step is a function ({@code dense(64) |> batchnorm})
     * is a function itself. Also a lone step that carries a suffix: {@code conv(64, 1x1) as pw}.
     * The tree keeps no parentheses beyond what precedence needs.
     */
    record Pipeline(List<PipelineStep> steps, SourceSpan span) implements Expression {
        public Pipeline {
            steps = List.copyOf(steps);
        }
    }

    /**
     * One step of a pipeline with its suffixes, which may come in either order but once each.
     *
     * @param name what {@code as name} says, or null
     * @param condition what {@code if condition} says, or null
     */
    record PipelineStep(Expression expression, Identifier name, Expression condition, SourceSpan span) {
    }

    enum UnaryOperator {
        NEGATE("-"), PLUS("+"), NOT("not");

        private final String symbol;

        UnaryOperator(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }
    }

    /** Binary operators from loosest to tightest. */
    enum BinaryOperator {
        OR("or", 1), AND("and", 2), EQUAL("==", 4), NOT_EQUAL("!=", 4), LESS("<", 4), LESS_EQUAL("<=", 4), GREATER(">",
                4), GREATER_EQUAL(">=", 4), ADD("+", 5), SUBTRACT("-", 5), MULTIPLY("*", 6), DIVIDE("/", 6);

        private final String symbol;
        private final int precedence;

        BinaryOperator(String symbol, int precedence) {
            this.symbol = symbol;
            this.precedence = precedence;
        }

        public String symbol() {
            return symbol;
        }

        /** Higher binds tighter; {@code not} stands at 3, a pipeline at 0. */
        public int precedence() {
            return precedence;
        }
    }
}
