package dev.tern.compiler.graph.expansion;

import dev.tern.compiler.graph.Expansion;
import dev.tern.compiler.graph.NodeSink;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Statistic;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.TypeRuleException;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.compiler.graph.formula.ElementFunction;
import java.util.List;

/**
 * Group normalization (Wu and He 2018) of x, gamma and beta: as {@link LayerNorm}, but the mean and the variance are
 * those of a group of consecutive channels at all places; sums go over the places and in each over the channels.
 *
 * @param groups a divisor of the channels
 */
public record GroupNorm(int groups, double epsilon) implements Expansion {
    @Override
    public String name() {
        return "groupnorm";
    }

    @Override
    public String attributes() {
        return "groups " + groups + " eps " + epsilon;
    }

    @Override
    public TensorType type(List<TensorType> operands) {
        TensorType x = NormRules.check(name(), operands, 3);
        if (groups < 1 || x.shape().channels() % groups != 0) {
            throw new TypeRuleException(groups + " groups of " + x);
        }
        return x;
    }

    @Override
    public Tensor evaluate(List<Tensor> operands) {
        float[] x = ((Tensor.Floats) operands.get(0)).values();
        float[] gamma = ((Tensor.Floats) operands.get(1)).values();
        float[] beta = ((Tensor.Floats) operands.get(2)).values();
        int channels = gamma.length;
        int each = channels / groups;
        float[] result = new float[x.length];
        for (int group = 0; group < groups; group++) {
            int count = x.length / groups;
            double sum = 0;
            for (int i = 0; i < count; i++) {
                sum += x[i / each * channels + group * each + i % each];
            }
            float mean = (float) (sum / count);
            double squares = 0;
            for (int i = 0; i < count; i++) {
                double difference = x[i / each * channels + group * each + i % each] - mean;
                squares += difference * difference;
            }
            float r = (float) (1 / Math.sqrt((float) (squares / count) + epsilon));
            for (int i = 0; i < count; i++) {
                int channel = group * each + i % each;
                int place = i / each * channels + channel;
                float normal = (x[place] - mean) * r;
                float scaled = gamma[channel] * normal;
                result[place] = scaled + beta[channel];
            }
        }
        return new Tensor.Floats(operands.getFirst().shape(), result);
    }

    @Override
    public ValueId expand(NodeSink out, List<ValueId> operands) {
        ValueId x = operands.get(0);
        Shape shape = out.type(x).shape();
        int each = shape.channels() / groups;
        ValueId places = out.reshaped(x, Shape.of(shape.rows(), groups, each));
        ValueId turned = out.add(new Operation.Transpose(places, List.of(1, 0, 2)));
        ValueId rows = out.reshaped(turned, Shape.of(groups, shape.rows() * each));
        ValueId mean = out.add(new Operation.RowStatistic(Statistic.MEAN, rows));
        ValueId difference = out.add(new Operation.Elementwise(BinaryFunction.SUBTRACT, rows, mean));
        ValueId variance = out.add(new Operation.RowStatistic(Statistic.MEAN_SQUARE, difference));
        ValueId r = out.add(new Operation.Activation(ElementFunction.inverseRoot(epsilon), variance));
        ValueId normal = out.add(new Operation.Elementwise(BinaryFunction.MULTIPLY, difference, r));
        ValueId apart = out.reshaped(normal, Shape.of(groups, shape.rows(), each));
        ValueId back = out.reshaped(out.add(new Operation.Transpose(apart, List.of(1, 0, 2))), shape);
        return out.add(new Operation.Affine(back, operands.get(1), operands.get(2)));
    }
}
