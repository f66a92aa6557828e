package dev.tern.importers.export;

import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.expansion.ConvTranspose;
import dev.tern.compiler.graph.expansion.GroupNorm;
import java.util.List;
import java.util.Optional;

/** In which layout each value is computed: windows want channels first, and what follows them stays so. */
final class LayoutChoice {
    private LayoutChoice() {
    }

    static AxisOrder of(Translation translation, Node node) {
        if (node.type().shape().rank() != 3) {
            return AxisOrder.LAST;
        }
        return switch (node.operation()) {
            case Operation.Conv _,Operation.MaxPool _,Operation.AvgPool _,Operation.BatchNorm _ -> AxisOrder.FIRST;
            case Operation.Composite composite -> composite.expansion() instanceof ConvTranspose
                    || composite.expansion() instanceof GroupNorm ? AxisOrder.FIRST : AxisOrder.LAST;
            case Operation.Rescale rescale -> perRow(translation, rescale.activationScale())
                    ? AxisOrder.LAST
                    : translation.layout(rescale.x());
            case Operation.Quantize quantize -> perRow(translation, Optional.of(quantize.scale()))
                    ? AxisOrder.LAST
                    : translation.layout(quantize.x());
            case Operation.Dequantize dequantize -> perRow(translation, Optional.of(dequantize.scale()))
                    ? AxisOrder.LAST
                    : translation.layout(dequantize.codes());
            case Operation.Requantize requantize -> translation.layout(requantize.x());
            case Operation.CodeTable table -> translation.layout(table.x());
            case Operation.CombineCodes _ -> first(translation, node.operation().operands());
            case Operation.Affine affine -> translation.layout(affine.x());
            case Operation.PRelu prelu -> translation.layout(prelu.x());
            case Operation.Activation _,Operation.Clip _,Operation.Elementwise _ ->
                first(translation, node.operation().operands());
            case Operation.Sign _,Operation.Ternarize _ -> first(translation, node.operation().operands());
            case Operation.Slice _,Operation.Gather _,Operation.Concat _ ->
                first(translation, node.operation().operands());
            case Operation.Source _ -> AxisOrder.LAST;
            case Operation.WeightCodes _,Operation.WeightScale _ -> AxisOrder.LAST;
            case Operation.MeasureRange _,Operation.RangeScale _,Operation.RangeZero _ -> AxisOrder.LAST;
            case Operation.StepTable _,Operation.Threshold _,Operation.Dense _,Operation.MatMul _ -> AxisOrder.LAST;
            case Operation.RescaleIntegers _,Operation.SumPool _ -> AxisOrder.LAST;
            case Operation.RowStatistic _,Operation.Softmax _,Operation.ArgMax _ -> AxisOrder.LAST;
            case Operation.Reshape _,Operation.Transpose _,Operation.NotLowered _ -> AxisOrder.LAST;
        };
    }

    private static boolean perRow(Translation translation, Optional<ValueId> scale) {
        return scale.map(id -> translation.shape(id).rank() > 0).orElse(false);
    }

    private static AxisOrder first(Translation translation, List<ValueId> operands) {
        return operands.stream().anyMatch(id -> translation.layout(id) == AxisOrder.FIRST)
                ? AxisOrder.FIRST
                : AxisOrder.LAST;
    }
}
