package dev.tern.quantizer.network;

import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.graph.formula.Formula;
import java.util.List;

/**
 * A function of each element; its gradient is that of its formula. Evaluated and rounded as the compiled model does.
 */
final class Apply implements TrainedLayer {
    private static final int CHUNK = 512;

    private final Signal input;
    private final Signal output;
    private final Formula formula;
    private final Formula derivative;
    private final boolean rounded;

    Apply(Signal input, Signal output, ElementFunction function) {
        this.input = input;
        this.output = output;
        this.formula = function.formula();
        this.derivative = formula.derivative();
        this.rounded = function.precision() == ElementFunction.Precision.F32;
    }

    @Override
    public void forward(Mode mode) {
        for (int start = 0; start < input.value.length; start += CHUNK) {
            double[] y = evaluate(formula, start);
            for (int i = 0; i < y.length; i++) {
                output.value[start + i] = (float) y[i];
            }
        }
    }

    @Override
    public void backward() {
        for (int start = 0; start < input.gradient.length; start += CHUNK) {
            double[] slope = evaluate(derivative, start);
            for (int i = 0; i < slope.length; i++) {
                input.gradient[start + i] += (float) slope[i] * output.gradient[start + i];
            }
        }
    }

    private double[] evaluate(Formula what, int start) {
        double[] x = new double[Math.min(CHUNK, input.value.length - start)];
        for (int i = 0; i < x.length; i++) {
            x[i] = input.value[start + i];
        }
        return what.in(new ArrayArithmetic(x.length, rounded), List.of(x));
    }
}
