package dev.tern.compiler.graph.formula;

import static dev.tern.compiler.graph.formula.Formula.X;
import static dev.tern.compiler.graph.formula.Formula.abs;
import static dev.tern.compiler.graph.formula.Formula.exp;
import static dev.tern.compiler.graph.formula.Formula.expm1;
import static dev.tern.compiler.graph.formula.Formula.log;
import static dev.tern.compiler.graph.formula.Formula.max;
import static dev.tern.compiler.graph.formula.Formula.min;
import static dev.tern.compiler.graph.formula.Formula.minus;
import static dev.tern.compiler.graph.formula.Formula.negated;
import static dev.tern.compiler.graph.formula.Formula.of;
import static dev.tern.compiler.graph.formula.Formula.over;
import static dev.tern.compiler.graph.formula.Formula.plus;
import static dev.tern.compiler.graph.formula.Formula.sqrt;
import static dev.tern.compiler.graph.formula.Formula.tanh;
import static dev.tern.compiler.graph.formula.Formula.times;

import java.util.List;

/**
 * A function of each f32 element. All that others ask of it is read off its formula, so that a new function is one more
 * constant here.
 *
 * @param name as graphs are printed: {@code silu}
 * @param attributes what distinguishes functions of one name, as graphs are printed; may be empty
 * @param precision in which the formula is evaluated
 * @param formula over x alone
 */
public record ElementFunction(String name, String attributes, Precision precision, Formula formula) {
    /** {@code max(x, +0)}. */
    public static final ElementFunction RELU = new ElementFunction("relu", Precision.F32, max(X, of(0)));

    /** {@code 1 / (1 + exp(-x))}. */
    public static final ElementFunction SIGMOID = new ElementFunction("sigmoid", Precision.F64,
            over(of(1), plus(of(1), exp(negated(X)))));

    /** {@code tanh(x)}. */
    public static final ElementFunction TANH = new ElementFunction("tanh", Precision.F64, tanh(X));

    /** {@code x / (1 + exp(-x))}. */
    public static final ElementFunction SILU = new ElementFunction("silu", Precision.F64,
            over(X, plus(of(1), exp(negated(X)))));

    /** {@code 0.5 * x * (1 + tanh(sqrt(2 / PI) * (x + 0.044715 * (x * x * x))))}. */
    public static final ElementFunction GELU = new ElementFunction("gelu", Precision.F64,
            times(times(of(0.5), X), plus(of(1), tanh(times(of(Math.sqrt(2 / Math.PI)),
                    plus(X, times(of(0.044715), times(times(X, X), X))))))));

    /**
     * {@code max(x, 0) - 0.5 * abs(x) * erfc(abs(x) / sqrt(2))}, which is x times the normal distribution, with the
     * complementary error function as Press et al. approximate it (Numerical Recipes, erfcc; 1.2e-7 relative).
     */
    public static final ElementFunction GELU_ERF = new ElementFunction("gelu_erf", Precision.F64,
            minus(max(X, of(0)), times(times(of(0.5), abs(X)), erfcOfRoot())));

    /** {@code exp(x)}. */
    public static final ElementFunction EXP = new ElementFunction("exp", Precision.F64, exp(X));

    /** The square root; of what is below zero it is +0. */
    public static final ElementFunction SQRT = new ElementFunction("sqrt", Precision.F32, sqrt(X));

    /** The natural logarithm; of what is not above zero it is negative infinity. */
    public static final ElementFunction LOG = new ElementFunction("log", Precision.F64, log(X));

    /** {@code max(x, 0) + log(1 + exp(-abs(x)))}, which is log(1 + exp(x)) without overflow. */
    public static final ElementFunction SOFTPLUS = new ElementFunction("softplus", Precision.F64,
            plus(max(X, of(0)), log(plus(of(1), exp(negated(abs(X)))))));

    /** x without its sign. */
    public static final ElementFunction ABS = new ElementFunction("abs", Precision.F32, abs(X));

    /** {@code 1 / x}. */
    public static final ElementFunction RECIPROCAL = new ElementFunction("reciprocal", Precision.F32, over(of(1), X));

    private static final Formula HARD = min(max(plus(over(X, of(6)), of(0.5)), of(0)), of(1));

    /** {@code min(max(x / 6 + 0.5, 0), 1)}. */
    public static final ElementFunction HARDSIGMOID = new ElementFunction("hardsigmoid", Precision.F32, HARD);

    /** {@code x * hardsigmoid(x)}. */
    public static final ElementFunction HARDSWISH = new ElementFunction("hardswish", Precision.F32, times(X, HARD));

    /** One of each name. */
    public static final List<ElementFunction> ALL = List.of(RELU, SIGMOID, TANH, SILU, GELU, GELU_ERF, EXP, SQRT, LOG,
            SOFTPLUS,
            ABS, RECIPROCAL,
            HARDSIGMOID, HARDSWISH, elu(1), inverseRoot(1e-5));

    /** In what numbers a function is computed; its result is f32. */
    public enum Precision {
        /** Every step is rounded to f32. */
        F32,
        /**
         * x is widened, every step is one of f64 (functions through {@link StrictMath}), and the result is rounded
         * once.
         */
        F64
    }

    /**
     * {@code max(x, 0) + alpha * (exp(min(x, 0)) - 1)}, the difference as {@link StrictMath#expm1} gives it.
     *
     * @param alpha at least 0
     */
    public static ElementFunction elu(float alpha) {
        return new ElementFunction("elu", Float.toString(alpha), Precision.F64,
                plus(max(X, of(0)), times(of(alpha), expm1(min(X, of(0))))));
    }

    /** {@code 1 / sqrt(x + epsilon)}. */
    public static ElementFunction inverseRoot(double epsilon) {
        return new ElementFunction("inverse_root", Double.toString(epsilon), Precision.F64,
                over(of(1), sqrt(plus(X, of(epsilon)))));
    }

    /**
     * {@code t * exp(polynomial(t) - 0.5 * (x * x))} with {@code t = 1 / (1 + sqrt(0.125) * abs(x))}: erfc of abs(x) /
     * sqrt(2).
     */
    private static Formula erfcOfRoot() {
        Formula t = over(of(1), plus(of(1), times(of(Math.sqrt(0.125)), abs(X))));
        double[] coefficients = {-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
            1.48851587, -0.82215223, 0.17087277};
        Formula polynomial = of(coefficients[coefficients.length - 1]);
        for (int i = coefficients.length - 2; i >= 0; i--) {
            polynomial = plus(of(coefficients[i]), times(t, polynomial));
        }
        return times(t, exp(minus(polynomial, times(of(0.5), times(X, X)))));
    }

    private ElementFunction(String name, Precision precision, Formula formula) {
        this(name, "", precision, formula);
    }

    public float apply(float x) {
        return switch (precision) {
            case F32 -> formula.in(Arithmetic.F32, List.of(x));
            case F64 -> (float) (double) formula.in(Arithmetic.F64, List.of((double) x));
        };
    }

    /** The sign of the result for an operand of this sign. Rounding to f32 keeps it, but for what becomes a zero. */
    public KnownSign sign(KnownSign x) {
        return formula.sign(List.of(x));
    }

    /** Whether the result never falls as x rises, -0 lying below +0. */
    public boolean rises() {
        return formula.direction() == Direction.RISING;
    }

    /** Whether vectors of f32 can be taken through it. */
    public boolean hasVectorForm() {
        return precision == Precision.F32 && formula.hasVectorForm();
    }

    /** {@code elu 1.0}. */
    @Override
    public String toString() {
        return (name + " " + attributes).strip();
    }

    /** About the bytes of bytecode that it takes. */
    public int bytes() {
        return 24 + 2 * formula.size();
    }
}
