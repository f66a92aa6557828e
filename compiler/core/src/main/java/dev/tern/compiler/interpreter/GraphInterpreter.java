package dev.tern.compiler.interpreter;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Interval;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The definition of what a graph computes, bit for bit: integers exactly, every f32 step rounded once in the order
 * that {@link Operation} gives. Clear rather than fast.
 */
public final class GraphInterpreter {
    private GraphInterpreter() {
    }

    /**
     * Runs a model once.
     *
     * @param inputs in the order of the signature, of the inputs' types; f32 inputs are finite
     * @return the outputs in the order of the signature
     * @throws IllegalArgumentException if an input is not what the signature says
     * @throws UnsupportedOperationException at a parameter that is not bound or an operation that is not lowered
     */
    public static List<Tensor> run(Graph graph, List<Tensor> inputs) {
        return run(graph, inputs, (node, value) -> {
        });
    }

    /** Runs a model once and shows every node's value as it is computed. */
    public static List<Tensor> run(Graph graph, List<Tensor> inputs, BiConsumer<Node, Tensor> observer) {
        if (inputs.size() != graph.inputs().size()) {
            throw new IllegalArgumentException(inputs.size() + " inputs for " + graph.inputs().size());
        }
        Map<ValueId, Tensor> values = new HashMap<>();
        for (Node node : graph.nodes()) {
            Tensor value;
            if (node.operation() instanceof Operation.Input input) {
                value = inputs.get(input.index());
                checkFinite(input, value);
            } else {
                value = evaluate(node.operation(), node.type(),
                        node.operation().operands().stream().map(values::get).toList());
            }
            checkType(node, value);
            values.put(node.id(), value);
            observer.accept(node, value);
        }
        return graph.outputs().stream().map(output -> values.get(output.value())).toList();
    }

    /**
     * The value of one operation.
     *
     * @param type the node's type; of its shape there is need where the operands do not determine it
     * @param operands in the order of {@link Operation#operands()}
     */
    public static Tensor evaluate(Operation operation, TensorType type, List<Tensor> operands) {
        return switch (operation) {
            case Operation.Input input -> throw new UnsupportedOperationException("input " + input.name());
            case Operation.Parameter parameter ->
                throw new UnsupportedOperationException("parameter " + parameter.path() + " is not bound");
            case Operation.NotLowered other -> throw new UnsupportedOperationException(other.name());
            case Operation.Constant constant -> constant.tensor();
            case Operation.WeightCodes codes ->
                WeightArithmetic.codes(codes.scheme(), codes.part(), floats(operands, 0));
            case Operation.WeightScale scale ->
                WeightArithmetic.scale(scale.scheme(), scale.part(), floats(operands, 0));
            case Operation.MeasureRange measure -> Quantizers.measureRange(floats(operands, 0), measure.perRow());
            case Operation.RangeScale scale -> Quantizers.rangeScale(floats(operands, 0), scale.grid());
            case Operation.RangeZero zero -> Quantizers.rangeZero(floats(operands, 0), zero.grid());
            case Operation.StepTable table ->
                Tensor.scalar(floats(operands, 1).values()[integers(operands, 0).values()[0]]);
            case Operation.Quantize quantize -> Quantizers.quantize(quantize.grid(), operands);
            case Operation.Dequantize dequantize -> Quantizers.dequantize(operands);
            case Operation.Sign sign -> Quantizers.sign(floats(operands, 0));
            case Operation.Ternarize ternarize -> Quantizers.ternarize(floats(operands, 0), ternarize.threshold());
            case Operation.Threshold threshold -> Quantizers.threshold(threshold, operands);
            case Operation.Dense dense -> Products.dense(operands);
            case Operation.Conv conv -> Products.conv(conv, type.shape(), operands);
            case Operation.Rescale rescale -> Products.rescale(rescale, operands);
            case Operation.BatchNorm norm -> Reals.batchNorm(norm.epsilon(), operands);
            case Operation.Affine affine ->
                Reals.affine(floats(operands, 0), floats(operands, 1), floats(operands, 2));
            case Operation.PRelu prelu -> Reals.prelu(floats(operands, 0), floats(operands, 1));
            case Operation.Elementwise elementwise -> Reals.elementwise(elementwise.function(), type.shape(),
                    floats(operands, 0), floats(operands, 1));
            case Operation.Activation activation -> Reals.activation(activation.function(), floats(operands, 0));
            case Operation.Clip clip -> Reals.clip(floats(operands, 0), clip.low(), clip.high());
            case Operation.Softmax softmax -> Reals.softmax(floats(operands, 0));
            case Operation.MaxPool pool -> Windows.maxPool(pool.geometry(), type.shape(), operands.get(0));
            case Operation.AvgPool pool -> Windows.avgPool(pool.geometry(), type.shape(), floats(operands, 0));
            case Operation.ArgMax argMax -> Movements.argMax(operands.get(0), type.shape());
            case Operation.Reshape reshape -> Movements.reshape(operands.get(0), type.shape());
            case Operation.Transpose transpose ->
                Movements.transpose(operands.get(0), transpose.permutation(), type.shape());
            case Operation.Slice slice ->
                Movements.slice(operands.get(0), slice.axis(), slice.start(), type.shape());
            case Operation.Concat concat -> Movements.concat(operands, concat.axis(), type.shape());
        };
    }

    static Tensor.Floats floats(List<Tensor> operands, int index) {
        return (Tensor.Floats) operands.get(index);
    }

    static Tensor.Integers integers(List<Tensor> operands, int index) {
        return (Tensor.Integers) operands.get(index);
    }

    private static void checkFinite(Operation.Input input, Tensor value) {
        if (value instanceof Tensor.Floats floats) {
            for (int i = 0; i < floats.values().length; i++) {
                if (!Float.isFinite(floats.values()[i])) {
                    throw new IllegalArgumentException(
                            "input " + input.name() + " has " + floats.values()[i] + " at " + i);
                }
            }
        }
    }

    /** Holds a value against the node's type: what range propagation claims is checked wherever the oracle runs. */
    private static void checkType(Node node, Tensor value) {
        boolean holds = value.shape().equals(node.type().shape()) && switch (value) {
            case Tensor.Floats floats -> node.type().element() instanceof ElementType.F32;
            case Tensor.Integers integers -> !(node.type().element() instanceof ElementType.F32)
                    && Interval.of(node.type().element()).contains(Interval.of(integers));
        };
        if (!holds) {
            throw new IllegalArgumentException(node.id() + " of type " + node.type() + " has the value " + value
                    + (value instanceof Tensor.Integers integers ? " " + Interval.of(integers) : ""));
        }
    }
}
