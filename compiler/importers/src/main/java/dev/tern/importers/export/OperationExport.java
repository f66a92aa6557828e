package dev.tern.importers.export;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.expansion.ConvTranspose;
import dev.tern.compiler.graph.expansion.GroupNorm;
import dev.tern.compiler.graph.expansion.L2Norm;
import dev.tern.compiler.graph.expansion.LayerNorm;
import dev.tern.compiler.graph.expansion.RmsNorm;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What becomes of each operation: the catalogue of the export. */
final class OperationExport {
    private OperationExport() {
    }

    /**
     * Writes the nodes that compute a value in the layout that it is computed in.
     *
     * @return the value's name
     */
    static String write(Translation translation, Node node, Form form, AxisOrder layout) {
        ElementExport elements = new ElementExport(translation, layout);
        QuantizerExport quantizers = new QuantizerExport(translation, layout);
        ProductExport products = new ProductExport(translation, layout);
        MovementExport movement = new MovementExport(translation, form, layout);
        NormExport norms = new NormExport(translation, layout);
        IntegerExport integers = new IntegerExport(translation, layout);
        boolean codes = switch (node.operation()) {
            case Operation.Quantize _,Operation.Input _,Operation.Requantize _,Operation.CodeTable _ -> true;
            default -> false;
        };
        if (codes && form instanceof Form.Reals reals) {
            return quantizers.reals(node, reals);
        }
        if (codes && form instanceof Form.LessZero shifted) {
            return quantizers.shifted(node, shifted);
        }
        if (form instanceof Form.Numbers && quantizers.stored(node)) {
            return quantizers.numbers(node);
        }
        boolean moves = switch (node.operation()) {
            case Operation.Reshape _,Operation.Transpose _,Operation.Slice _,Operation.Gather _ -> true;
            case Operation.MaxPool _ -> true;
            default -> false;
        };
        if (moves && form instanceof Form.Reals reals && !translation.options().qonnx()) {
            return quantizers.reals(node, reals);
        }
        if (moves && form instanceof Form.Numbers && translation.reals(node.id()).isPresent()) {
            return quantizers.movedReals(node, translation.reals(node.id()).get());
        }
        return switch (node.operation()) {
            case Operation.Input input -> quantizers.input(input, node, form);
            case Operation.Parameter parameter -> throw new IllegalArgumentException(
                    "parameter " + parameter.path() + " is not bound");
            case Operation.Constant _,Operation.WeightCodes _,Operation.WeightScale _ ->
                throw new IllegalStateException(node + " is no constant");
            case Operation.MeasureRange _,Operation.RangeScale _,Operation.RangeZero _ ->
                throw new IllegalStateException(node + " is read by quantizers alone");
            case Operation.StepTable table -> movement.entry(table);
            case Operation.Quantize quantize -> quantizers.codes(quantize, form);
            case Operation.Sign sign -> quantizers.sign(sign);
            case Operation.Ternarize ternarize -> quantizers.ternarize(ternarize);
            case Operation.Dequantize dequantize when form instanceof Form.Bytes ->
                translation.value(dequantize.codes(), form, layout);
            case Operation.Dequantize dequantize -> quantizers.dequantize(dequantize);
            case Operation.Dense _,Operation.Conv _ -> products.sum(node);
            case Operation.Rescale rescale -> products.rescale(node, rescale);
            case Operation.BatchNorm norm -> norms.batchNorm(node, norm);
            case Operation.Affine affine -> elements.affine(affine);
            case Operation.Elementwise elementwise -> elements.elementwise(elementwise);
            case Operation.Activation activation -> elements.activation(activation);
            case Operation.Clip clip -> elements.clip(clip);
            case Operation.PRelu prelu -> elements.prelu(prelu);
            case Operation.MaxPool pool -> movement.maxPool(pool);
            case Operation.AvgPool pool -> movement.avgPool(pool);
            case Operation.RowStatistic statistic -> norms.rowStatistic(statistic);
            case Operation.MatMul product -> products.matMul(product);
            case Operation.Softmax softmax -> norms.softmax(softmax);
            case Operation.ArgMax argMax -> norms.argMax(argMax);
            case Operation.Reshape reshape -> movement.reshape(node, reshape);
            case Operation.Transpose transpose -> movement.transpose(transpose);
            case Operation.Slice slice -> movement.slice(slice);
            case Operation.Gather gather -> movement.gather(gather);
            case Operation.Concat concat -> movement.concat(concat);
            case Operation.Composite composite -> switch (composite.expansion()) {
                case ConvTranspose _ -> products.sum(node);
                case LayerNorm norm -> norms.layerNorm(composite, norm);
                case RmsNorm norm -> norms.rmsNorm(composite, norm);
                case GroupNorm norm -> norms.groupNorm(composite, norm);
                case L2Norm norm -> norms.l2Norm(composite, norm);
                default -> throw without(node, composite.expansion().name());
            };
            case Operation.Threshold _ -> throw without(node, "a ladder of thresholds, which passes make");
            case Operation.SumPool _ ->
                throw new IllegalStateException("a model is exported before it is converted to integers");
            case Operation.RescaleIntegers _ -> throw new IllegalStateException(node + " was refused");
            case Operation.Requantize requantize -> integers.requantize(requantize);
            case Operation.CodeTable table -> integers.table(node, table);
            case Operation.CombineCodes _ -> throw new IllegalStateException(node + " is read by requantize alone");
            case Operation.NotLowered other -> throw without(node, other.name());
        };
    }

    /** @throws CompilationFailedException if there are codes of 16 bits, which are computed on in two parts */
    static void requireNoWideCodes(Graph graph) {
        Set<ValueId> requantized = new HashSet<>();
        graph.nodes().stream().map(Node::operation).filter(Operation.Requantize.class::isInstance)
                .forEach(operation -> requantized.add(operation.operands().getFirst()));
        Map<ValueId, Node> definitions = graph.definitions();
        for (Node node : graph.nodes()) {
            boolean sums = node.operation() instanceof Operation.CombineCodes combine
                    && (!requantized.contains(node.id()) || combine.operands().stream().anyMatch(
                            id -> definitions.get(id).type().element() instanceof ElementType.Accumulator));
            if (sums || node.operation() instanceof Operation.RescaleIntegers) {
                throw without(node, "static(16, ...)");
            }
        }
    }

    private static CompilationFailedException without(Node node, String what) {
        return new CompilationFailedException(List.of(Diagnostic.error(DiagnosticCode.FOREIGN_UNSUPPORTED,
                "`" + what + "` cannot be written as ONNX", node.origin().position(), "")));
    }
}
