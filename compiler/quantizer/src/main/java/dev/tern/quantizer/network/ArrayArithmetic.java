package dev.tern.quantizer.network;

import dev.tern.compiler.graph.formula.Arithmetic;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.Formula;
import dev.tern.compiler.graph.formula.UnaryFunction;
import java.util.Arrays;

/**
 * Steps of formulas on many numbers at once. Two f32 operands and one rounding: what double rounds before is never seen
 * (Figueroa 1995).
 *
 * @param length of the arrays
 * @param rounded whether every step is rounded to f32
 */
record ArrayArithmetic(int length, boolean rounded) implements Arithmetic<double[]> {
    @Override
    public double[] constant(double value) {
        double[] result = new double[length];
        Arrays.fill(result, rounded(value));
        return result;
    }

    @Override
    public double[] unary(UnaryFunction function, double[] x) {
        double[] result = new double[length];
        for (int i = 0; i < length; i++) {
            result[i] = rounded(function.apply(x[i]));
        }
        return result;
    }

    @Override
    public double[] binary(BinaryFunction function, double[] left, double[] right) {
        double[] result = new double[length];
        for (int i = 0; i < length; i++) {
            result[i] = rounded(function.apply(left[i], right[i]));
        }
        return result;
    }

    @Override
    public double[] choice(Formula.Comparison comparison, double[] left, double[] right, double[] then,
            double[] otherwise) {
        double[] result = new double[length];
        for (int i = 0; i < length; i++) {
            result[i] = comparison.holds(left[i], right[i]) ? then[i] : otherwise[i];
        }
        return result;
    }

    private double rounded(double x) {
        return rounded ? (float) x : x;
    }
}
