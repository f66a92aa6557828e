package dev.tern.compiler.syntax;

import dev.tern.compiler.syntax.Expression.BinaryOperator;
import dev.tern.compiler.syntax.Expression.UnaryOperator;

/** How tight expressions bind, in the terms of {@link BinaryOperator#precedence}; looser ones need parentheses. */
final class Precedence {
    static final int PIPELINE = 0;
    /** A step of a pipeline: anything but a bare pipeline. */
    static final int STEP = BinaryOperator.OR.precedence();
    static final int NOT = 3;
    static final int COMPARISON = BinaryOperator.EQUAL.precedence();
    /** Between comparisons and sums, which share out the whole numbers; ranges do not chain. */
    static final int RANGE_END = BinaryOperator.ADD.precedence();
    static final int SIGN = BinaryOperator.MULTIPLY.precedence() + 1;
    static final int PRIMARY = SIGN + 1;

    private Precedence() {
    }

    static int of(Expression expression) {
        return switch (expression) {
            case Expression.Pipeline pipeline -> PIPELINE;
            case Expression.Binary binary -> binary.operator().precedence();
            case Expression.Unary unary -> unary.operator() == UnaryOperator.NOT ? NOT : SIGN;
            case Expression.Range range -> COMPARISON;
            case Expression.IntegerLiteral integer -> PRIMARY;
            case Expression.DecimalLiteral decimal -> PRIMARY;
            case Expression.Text text -> PRIMARY;
            case Expression.BooleanLiteral bool -> PRIMARY;
            case Expression.Size size -> PRIMARY;
            case Expression.Bytes bytes -> PRIMARY;
            case Expression.ListLiteral list -> PRIMARY;
            case Expression.Name name -> PRIMARY;
            case Expression.Inferred inferred -> PRIMARY;
            case Expression.Call call -> PRIMARY;
        };
    }

    /** What the left operand must reach: comparisons do not chain, everything else groups to the left. */
    static int left(BinaryOperator operator) {
        return operator.precedence() == COMPARISON ? COMPARISON + 1 : operator.precedence();
    }

    static int right(BinaryOperator operator) {
        return operator.precedence() + 1;
    }

    static int operand(UnaryOperator operator) {
        return operator == UnaryOperator.NOT ? NOT : SIGN;
    }
}
