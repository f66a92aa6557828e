package dev.tern.compiler.graph.meaning;

import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import java.util.List;

/**
 * The definition of what each operation computes, bit for bit: integers exactly, every f32 step rounded once in the
 * order that {@link Operation} gives. Clear rather than fast.
 */
public final class Meaning {
    private Meaning() {
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
                Movements.entries(floats(operands, 1), integers(operands, 0));
            case Operation.Quantize quantize -> Quantizers.quantize(quantize.grid(), operands);
            case Operation.Dequantize dequantize -> Quantizers.dequantize(operands);
            case Operation.Sign sign -> Quantizers.sign(floats(operands, 0));
            case Operation.Ternarize ternarize -> Quantizers.ternarize(floats(operands, 0), ternarize.threshold());
            case Operation.Requantize requantize -> IntegerArithmetic.requantize(requantize, operands);
            case Operation.RescaleIntegers rescale -> IntegerArithmetic.rescale(rescale, operands);
            case Operation.SumPool pool -> Windows.sumPool(pool.geometry(), type.shape(),
                    (Tensor.Integers) operands.get(0));
            case Operation.CombineCodes combine -> IntegerArithmetic.combine(combine, operands);
            case Operation.CodeTable table -> IntegerArithmetic.table(table, operands);
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
            case Operation.MatMul product -> Products.matMul(product, type.shape(), operands);
            case Operation.Softmax softmax -> Reals.softmax(floats(operands, 0));
            case Operation.MaxPool pool -> Windows.maxPool(pool.geometry(), type.shape(), operands.get(0));
            case Operation.AvgPool pool -> Windows.avgPool(pool.geometry(), type.shape(), floats(operands, 0));
            case Operation.ArgMax argMax -> Movements.argMax(operands.get(0), type.shape());
            case Operation.Reshape reshape -> Movements.reshape(operands.get(0), type.shape());
            case Operation.Transpose transpose ->
                Movements.transpose(operands.get(0), transpose.permutation(), type.shape());
            case Operation.Gather gather ->
                Movements.gather(operands.get(0), gather.axis(), gather.indices(), type.shape());
            case Operation.RowStatistic row -> Reals.rowStatistic(row.statistic(), floats(operands, 0), type.shape());
            case Operation.Composite composite -> composite.expansion().evaluate(operands);
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
}
