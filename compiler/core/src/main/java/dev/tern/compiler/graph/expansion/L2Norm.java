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
 * Each row of the last axis divided by its length: {@code x / max(sqrt(n * m), epsilon)} of a row of n elements and the
 * mean m of their squares, which is a sum in double, ascending, divided in double and rounded once to f32; every other
 * step is one of f32.
 */
public record L2Norm(float epsilon) implements Expansion {
    @Override
    public String name() {
        return "l2norm";
    }

    @Override
    public String attributes() {
        return "eps " + epsilon;
    }

    @Override
    public TensorType type(List<TensorType> operands) {
        return NormRules.check(name(), operands, 1);
    }

    @Override
    public Tensor evaluate(List<Tensor> operands) {
        Tensor.Floats x = (Tensor.Floats) operands.getFirst();
        int channels = x.shape().channels();
        float[] result = new float[x.values().length];
        for (int row = 0; row < result.length; row += channels) {
            double squares = 0;
            for (int c = 0; c < channels; c++) {
                double value = x.values()[row + c];
                squares += value * value;
            }
            float square = (float) channels * (float) (squares / channels);
            float length = Math.max((float) Math.sqrt(square), epsilon);
            for (int c = 0; c < channels; c++) {
                result[row + c] = x.values()[row + c] / length;
            }
        }
        return new Tensor.Floats(x.shape(), result);
    }

    @Override
    public ValueId expand(NodeSink out, List<ValueId> operands) {
        ValueId x = operands.getFirst();
        ValueId mean = out.add(new Operation.RowStatistic(Statistic.MEAN_SQUARE, x));
        ValueId square = out.add(new Operation.Elementwise(BinaryFunction.MULTIPLY, mean,
                out.constant(Tensor.scalar((float) out.type(x).shape().channels()))));
        ValueId root = out.add(new Operation.Activation(ElementFunction.SQRT, square));
        ValueId length = out.add(new Operation.Elementwise(BinaryFunction.MAXIMUM, root,
                out.constant(Tensor.scalar(epsilon))));
        return out.add(new Operation.Elementwise(BinaryFunction.DIVIDE, x, length));
    }
}
