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
 * Root mean square normalization (Zhang and Sennrich 2019) of x and gamma, over each row of the last axis:
 * {@code gamma[c] * (x * r)} with {@code r = 1 / sqrt(mean of x^2 + epsilon)}. The mean is a sum in double, ascending,
 * divided in double and rounded once to f32; r is computed in double and rounded once; every other step is one of f32.
 */
public record RmsNorm(double epsilon) implements Expansion {
    @Override
    public String name() {
        return "rmsnorm";
    }

    @Override
    public String attributes() {
        return "eps " + epsilon;
    }

    @Override
    public TensorType type(List<TensorType> operands) {
        return NormRules.check(name(), operands, 2);
    }

    @Override
    public Tensor evaluate(List<Tensor> operands) {
        float[] x = ((Tensor.Floats) operands.get(0)).values();
        float[] gamma = ((Tensor.Floats) operands.get(1)).values();
        int channels = gamma.length;
        float[] result = new float[x.length];
        for (int row = 0; row < x.length; row += channels) {
            double squares = 0;
            for (int c = 0; c < channels; c++) {
                double value = x[row + c];
                squares += value * value;
            }
            float mean = (float) (squares / channels);
            float r = (float) (1 / Math.sqrt(mean + epsilon));
            for (int c = 0; c < channels; c++) {
                float normal = x[row + c] * r;
                result[row + c] = gamma[c] * normal;
            }
        }
        return new Tensor.Floats(operands.getFirst().shape(), result);
    }

    @Override
    public ValueId expand(NodeSink out, List<ValueId> operands) {
        ValueId x = operands.get(0);
        ValueId mean = out.add(new Operation.RowStatistic(Statistic.MEAN_SQUARE, x));
        ValueId r = out.add(new Operation.Activation(ElementFunction.inverseRoot(epsilon), mean));
        ValueId normal = out.add(new Operation.Elementwise(BinaryFunction.MULTIPLY, x, r));
        return out.add(new Operation.Elementwise(BinaryFunction.MULTIPLY, normal, operands.get(1)));
    }
}
