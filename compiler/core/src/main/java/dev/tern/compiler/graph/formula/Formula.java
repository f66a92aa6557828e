package dev.tern.compiler.graph.formula;

import java.util.List;

/**
 * An expression over a few variables. It is evaluated from the leaves up, left before right, every step rounded once in
 * the precision of its {@link Arithmetic}.
 */
public sealed interface Formula {
    /** The first variable: x of a function of one number. */
    Formula X = new Variable(0);

    record Variable(int index) implements Formula {
    }

    /** A number that every precision it is used in holds exactly, or rounds once. */
    record Number(double value) implements Formula {
    }

    record Unary(UnaryFunction function, Formula x) implements Formula {
    }

    record Binary(BinaryFunction function, Formula left, Formula right) implements Formula {
    }

    /** {@code left >= right ? then : otherwise}, or {@code ==}. */
    record Choice(Comparison comparison, Formula left, Formula right, Formula then,
            Formula otherwise) implements Formula {
    }

    enum Comparison {
        AT_LEAST, EQUAL;

        public boolean holds(double left, double right) {
            return switch (this) {
                case AT_LEAST -> left >= right;
                case EQUAL -> left == right;
            };
        }
    }

    static Formula of(double constant) {
        return new Number(constant);
    }

    /** The value for values of the variables; each of them may be used several times. */
    default <V> V in(Arithmetic<V> arithmetic, List<V> variables) {
        return switch (this) {
            case Variable(int index) -> variables.get(index);
            case Number(double value) -> arithmetic.constant(value);
            case Unary(UnaryFunction function, Formula x) -> arithmetic.unary(function, x.in(arithmetic, variables));
            case Binary(BinaryFunction function, Formula left, Formula right) ->
                arithmetic.binary(function, left.in(arithmetic, variables), right.in(arithmetic, variables));
            case Choice(Comparison comparison, Formula left, Formula right, Formula then, Formula otherwise) ->
                arithmetic.choice(comparison, left.in(arithmetic, variables), right.in(arithmetic, variables),
                        then.in(arithmetic, variables), otherwise.in(arithmetic, variables));
        };
    }

    /** Steps, variables and constants. */
    default int size() {
        return switch (this) {
            case Variable _,Number _ -> 1;
            case Unary(_, Formula x) -> 1 + x.size();
            case Binary(_, Formula left, Formula right) -> 1 + left.size() + right.size();
            case Choice(_, Formula left, Formula right, Formula then, Formula otherwise) ->
                1 + left.size() + right.size() + then.size() + otherwise.size();
        };
    }

    /** Whether every step can be taken on all lanes of a vector of f32. */
    default boolean hasVectorForm() {
        return switch (this) {
            case Variable _,Number _ -> true;
            case Unary(UnaryFunction function, Formula x) -> function.hasVectorForm() && x.hasVectorForm();
            case Binary(_, Formula left, Formula right) -> left.hasVectorForm() && right.hasVectorForm();
            case Choice(_, Formula left, Formula right, Formula then, Formula otherwise) -> left.hasVectorForm()
                    && right.hasVectorForm() && then.hasVectorForm() && otherwise.hasVectorForm();
        };
    }

    /** The sign of the result where the variables have these signs; no step is taken to give NaN. */
    default KnownSign sign(List<KnownSign> variables) {
        return switch (this) {
            case Variable(int index) -> variables.get(index);
            case Number(double value) -> KnownSign.of(value);
            case Unary(UnaryFunction function, Formula x) -> function.sign(x.sign(variables));
            case Binary(BinaryFunction function, Formula left, Formula right) ->
                left.equals(right) && function == BinaryFunction.MULTIPLY
                        ? KnownSign.NO_SIGN_BIT
                        : function.sign(left.sign(variables), right.sign(variables));
            case Choice(_, _, _, Formula then, Formula otherwise) ->
                then.sign(variables).or(otherwise.sign(variables));
        };
    }

    /**
     * How the result moves as the only variable rises, in the order of {@link Math#max(double, double)}, in which -0
     * lies below +0. Rounding keeps the order; of what is computed by a library nothing is known.
     */
    default Direction direction() {
        return switch (this) {
            case Variable _ -> Direction.RISING;
            case Number _ -> Direction.CONSTANT;
            case Unary(UnaryFunction function, Formula x) -> function.direction(x.direction());
            case Binary(BinaryFunction function, Formula left, Formula right) -> function.direction(left, right);
            case Choice _ -> Direction.UNKNOWN;
        };
    }

    /** The derivative by the only variable; at a corner that of the side on which it is taken by {@code >=}. */
    default Formula derivative() {
        return switch (this) {
            case Variable _ -> of(1);
            case Number _ -> of(0);
            case Unary(UnaryFunction function, Formula x) -> times(function.derivative(x), x.derivative());
            case Binary(BinaryFunction function, Formula left, Formula right) -> function.derivative(left, right);
            case Choice(Comparison comparison, Formula left, Formula right, Formula then, Formula otherwise) ->
                new Choice(comparison, left, right, then.derivative(), otherwise.derivative());
        };
    }

    static Formula plus(Formula left, Formula right) {
        return new Binary(BinaryFunction.ADD, left, right);
    }

    static Formula minus(Formula left, Formula right) {
        return new Binary(BinaryFunction.SUBTRACT, left, right);
    }

    static Formula times(Formula left, Formula right) {
        return new Binary(BinaryFunction.MULTIPLY, left, right);
    }

    static Formula over(Formula left, Formula right) {
        return new Binary(BinaryFunction.DIVIDE, left, right);
    }

    static Formula max(Formula left, Formula right) {
        return new Binary(BinaryFunction.MAXIMUM, left, right);
    }

    static Formula min(Formula left, Formula right) {
        return new Binary(BinaryFunction.MINIMUM, left, right);
    }

    static Formula atLeast(Formula left, Formula right, Formula then, Formula otherwise) {
        return new Choice(Comparison.AT_LEAST, left, right, then, otherwise);
    }

    static Formula negated(Formula x) {
        return new Unary(UnaryFunction.NEGATE, x);
    }

    static Formula abs(Formula x) {
        return new Unary(UnaryFunction.ABS, x);
    }

    static Formula exp(Formula x) {
        return new Unary(UnaryFunction.EXP, x);
    }

    /** {@code exp(x) - 1}, exact near 0. */
    static Formula expm1(Formula x) {
        return new Unary(UnaryFunction.EXPM1, x);
    }

    static Formula log(Formula x) {
        return new Unary(UnaryFunction.LOG, x);
    }

    static Formula tanh(Formula x) {
        return new Unary(UnaryFunction.TANH, x);
    }

    static Formula sqrt(Formula x) {
        return new Unary(UnaryFunction.SQRT, x);
    }
}
