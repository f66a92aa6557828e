package dev.tern.compiler.kernel.lower;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ValueId;
import java.util.Map;

/**
 * Says everything in a correct model that cannot be lowered, each where it was written, before the first kernel is
 * made. Run on the graph that the graph passes leave: constants folded, batch normalization turned into affine steps.
 * Operations without any lowering are the business of {@code CheckLowerable}, the first of those passes.
 */
public final class CheckOperands {
    private final Map<ValueId, Node> definitions;
    private final Diagnostics diagnostics;

    private CheckOperands(Graph graph, Diagnostics diagnostics) {
        definitions = graph.definitions();
        this.diagnostics = diagnostics;
    }

    /** Adds what is found: PARAMETER_MISSING, ACCUMULATOR_OVERFLOW, and NOT_LOWERED where weights are not constant. */
    public static void check(Graph graph, Diagnostics diagnostics) {
        CheckOperands check = new CheckOperands(graph, diagnostics);
        graph.nodes().forEach(check::check);
    }

    private void check(Node node) {
        switch (node.operation()) {
            case Operation.Parameter op -> diagnostics
                    .add(Diagnostic.error(DiagnosticCode.PARAMETER_MISSING, "parameter '" + op.path()
                            + "' has no value",
                            node.origin().position(), "needed here")
                            .help("name the file that holds it: parameters \"model.safetensors\""));
            case Operation.WeightCodes op -> atRunTime(node, "weights", op.weights());
            case Operation.WeightScale op -> atRunTime(node, "weights", op.weights());
            case Operation.BatchNorm op -> atRunTime(node, "parameters of a batchnorm", op.gamma());
            case Operation.Product op -> {
                atRunTime(node, "weights", op.weights());
                checkRange(node);
            }
            case Operation.Rescale op -> op.weightScale().ifPresent(id -> atRunTime(node, "scales of weights", id));
            case Operation.Affine op -> {
                atRunTime(node, "factors", op.scale());
                atRunTime(node, "summands", op.shift());
            }
            case Operation.PRelu op -> atRunTime(node, "slopes", op.slope());
            case Operation.StepTable op -> atRunTime(node, "tables", op.table());
            case Operation.Requantize op -> {
                op.weightScale().ifPresent(scale -> atRunTime(node, "scales of weights", scale));
                op.bias().ifPresent(bias -> atRunTime(node, "biases", bias));
            }
            case Operation.RescaleIntegers op -> {
                op.factor().ifPresent(factor -> atRunTime(node, "factors", factor));
                op.bias().ifPresent(bias -> atRunTime(node, "biases", bias));
            }
            case Operation.SumPool op -> {
            }
            case Operation.CombineCodes op -> {
            }
            case Operation.CodeTable op -> atRunTime(node, "tables", op.table());
            case Operation.Threshold op -> {
                atRunTime(node, "thresholds", op.thresholds());
                atRunTime(node, "directions of thresholds", op.directions());
            }
            case Operation.Input op -> {
            }
            case Operation.NotLowered op -> {
            }
            case Operation.Constant op -> {
            }
            case Operation.MeasureRange op -> {
            }
            case Operation.RangeScale op -> {
            }
            case Operation.RangeZero op -> {
            }
            case Operation.Quantize op -> {
            }
            case Operation.Dequantize op -> {
            }
            case Operation.Sign op -> {
            }
            case Operation.Ternarize op -> {
            }
            case Operation.Elementwise op -> {
            }
            case Operation.Activation op -> {
            }
            case Operation.Clip op -> {
            }
            case Operation.MaxPool op -> {
            }
            case Operation.AvgPool op -> {
            }
            case Operation.MatMul op -> checkRange(node);
            case Operation.Softmax op -> {
            }
            case Operation.ArgMax op -> {
            }
            case Operation.Reshape op -> {
            }
            case Operation.Transpose op -> {
            }
            case Operation.Slice op -> {
            }
            case Operation.Gather op -> {
            }
            case Operation.RowStatistic op -> {
            }
            case Operation.Composite op -> {
            }
            case Operation.Concat op -> {
            }
        }
    }

    private void atRunTime(Node node, String what, ValueId id) {
        Operation source = definitions.get(id).operation();
        if (!(source instanceof Operation.Constant || source instanceof Operation.Parameter)) {
            diagnostics.add(Diagnostic.error(DiagnosticCode.NOT_LOWERED, what
                    + " computed at run time are not compiled",
                    node.origin().position(), "these depend on the model's inputs"));
        }
    }

    private void checkRange(Node node) {
        if (node.type().element() instanceof ElementType.Accumulator range && !range.fits(Integer.SIZE)) {
            diagnostics.add(Diagnostic
                    .error(DiagnosticCode.ACCUMULATOR_OVERFLOW,
                            "sums of products may reach " + Math.max(range.high(), -range.low())
                                    + ", more than 32 bits hold",
                            node.origin().position(), "this layer sums too many products")
                    .help("use fewer bits for its activations or weights, or split the layer"));
        }
    }
}
