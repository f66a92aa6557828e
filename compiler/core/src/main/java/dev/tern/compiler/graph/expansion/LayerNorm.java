package dev.tern.compiler.graph.expansion;

import dev.tern.compiler.graph.Expansion;
import dev.tern.compiler.graph.NodeSink;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Statistic;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import java.util.List;

/**
 * Layer normalization (Ba et al. 2016) of x, gamma and beta, each row of the last axis by its own mean and variance:
 * {@code gamma[c] * ((x - mean) * r) + beta[c]} with {@code r = 1 / sqrt(mean of (x - mean)^2 + epsilon)}. Both means
 * are sums
 * in double, ascending, divided in double and rounded once to f32; r is computed in double and rounded once; every
 * other step is one of f32.
 */
public record LayerNorm(double epsilon) implements Expansion {
    @Override
    public String name() {
        return "layernorm";
    }

    @Override
    public String attributes() {
        return "eps " + epsilon;
    }

    @Override
    public TensorType type(List<TensorType> operands) {
        return NormRules.check(name(), operands, 3);
    }

    @Override
    public Tensor evaluate(List<Tensor> operands) {
        float[] x = ((Tensor.Floats) operands.get(0)).values();
        float[] gamma = ((Tensor.Floats) operands.get(1)).values();
        float[] beta = ((Tensor.Floats) operands.get(2)).values();
        int channels = gamma.length;
        float[] result = new float[x.length];
        for (int row = 0; row < x.length; row += channels) {
            double sum = 0;
            for (int c = 0; c < channels; c++) {
                sum += x[row + c];
            }
            float mean = (float) (sum / channels);
            double squares = 0;
            for (int c = 0; c < channels; c++) {
                double difference = x[row + c] - mean;
                squares += difference * difference;
            }
            float variance = (float) (squares / channels);
            float r = (float) (1 / Math.sqrt(variance + epsilon));
            for (int c = 0; c < channels; c++) {
                float normal = (x[row + c] - mean) * r;
                float scaled = gamma[c] * normal;
                result[row + c] = scaled + beta[c];
            }
        }
        return new Tensor.Floats(operands.getFirst().shape(), result);
    }

    @Override
    public ValueId expand(NodeSink out, List<ValueId> operands) {
        ValueId x = operands.get(0);
        ValueId mean = out.add(new Operation.RowStatistic(Statistic.MEAN, x));
        ValueId difference = out.add(new Operation.Elementwise(BinaryFunction.SUBTRACT, x, mean));
        ValueId variance = out.add(new Operation.RowStatistic(Statistic.MEAN_SQUARE, difference));
        ValueId r = out.add(new Operation.Activation(ElementFunction.inverseRoot(epsilon), variance));
        ValueId normal = out.add(new Operation.Elementwise(BinaryFunction.MULTIPLY, difference, r));
        return out.add(new Operation.Affine(normal, operands.get(1), operands.get(2)));
    }
}
