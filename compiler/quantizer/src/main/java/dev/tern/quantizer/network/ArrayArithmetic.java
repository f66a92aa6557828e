package dev.tern.quantizer.network;

import dev.tern.compiler.graph.formula.Arithmetic;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.Formula;
import dev.tern.compiler.graph.formula.UnaryFunction;
import java.util.Arrays;

/** Steps of formulas on many numbers at once, in double. @param length of the arrays */
record ArrayArithmetic(int length) implements Arithmetic<double[]> {
    @Override
    public double[] constant(double value) {
        double[] result = new double[length];
        Arrays.fill(result, value);
        return result;
    }

    @Override
    public double[] unary(UnaryFunction function, double[] x) {
        double[] result = new double[length];
        for (int i = 0; i < length; i++) {
            result[i] = function.apply(x[i]);
        }
        return result;
    }

    @Override
    public double[] binary(BinaryFunction function, double[] left, double[] right) {
        double[] result = new double[length];
        for (int i = 0; i < length; i++) {
            result[i] = function.apply(left[i], right[i]);
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
}
