package dev.tern.compiler.graph.formula;

import static dev.tern.compiler.graph.formula.Formula.of;

/** The steps of formulas that have one operand. */
public enum UnaryFunction {
    NEGATE, ABS,
    /** IEEE's square root, rounded once; of what is below zero +0, so that no NaN arises. */
    SQRT,
    /** {@link StrictMath#exp}. */
    EXP,
    /** {@link StrictMath#expm1}. */
    EXPM1,
    /** {@link StrictMath#log}, of what is below zero as of +0, so that no NaN arises. */
    LOG,
    /** {@link StrictMath#tanh}. */
    TANH;

    /** In double. */
    public double apply(double x) {
        return switch (this) {
            case NEGATE -> -x;
            case ABS -> Math.abs(x);
            case SQRT -> Math.sqrt(Math.max(x, 0));
            case EXP -> StrictMath.exp(x);
            case EXPM1 -> StrictMath.expm1(x);
            case LOG -> StrictMath.log(Math.max(x, 0));
            case TANH -> StrictMath.tanh(x);
        };
    }

    boolean hasVectorForm() {
        return switch (this) {
            case NEGATE, ABS, SQRT -> true;
            case EXP, EXPM1, LOG, TANH -> false;
        };
    }

    KnownSign sign(KnownSign x) {
        return switch (this) {
            case NEGATE, LOG -> KnownSign.ANY;
            case ABS, SQRT, EXP -> KnownSign.NO_SIGN_BIT;
            case EXPM1, TANH -> x;
        };
    }

    Direction direction(Direction x) {
        return switch (this) {
            case NEGATE -> x.reversed();
            case SQRT -> x;
            case ABS, EXP, EXPM1, LOG, TANH -> x == Direction.CONSTANT ? x : Direction.UNKNOWN;
        };
    }

    /** The derivative by the operand. */
    Formula derivative(Formula x) {
        return switch (this) {
            case NEGATE -> of(-1);
            case ABS -> Formula.atLeast(x, of(0), of(1), of(-1));
            case SQRT -> Formula.atLeast(x, of(0), Formula.over(of(0.5), Formula.sqrt(x)), of(0));
            case EXP, EXPM1 -> Formula.exp(x);
            case LOG -> Formula.atLeast(x, of(0), Formula.over(of(1), x), of(0));
            case TANH -> Formula.minus(of(1), Formula.times(Formula.tanh(x), Formula.tanh(x)));
        };
    }
}
