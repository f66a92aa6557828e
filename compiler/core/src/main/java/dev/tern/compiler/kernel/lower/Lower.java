package dev.tern.compiler.kernel.lower;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.target.Target;

/**
 * Turns a model graph into a kernel program in which every node is a loop nest of its own over plain buffers, and every
 * product a multiplication. Schedules, layouts of weights, fusing and placing are for the passes that follow.
 *
 * <p>Weights, scales of weights and thresholds have to be constants, and batch normalization to be an affine step:
 * {@link CheckOperands} says where they are not.
 */
public final class Lower {
    private final Lowering lowering;
    private final LowerProducts products;
    private final LowerElements elements;
    private final LowerQuantizers quantizers;
    private final LowerIntegers integers;
    private final LowerMovement movement;
    private final LowerReductions reductions;

    private Lower(Graph graph, Target target) {
        lowering = new Lowering(graph, target);
        products = new LowerProducts(lowering);
        elements = new LowerElements(lowering);
        quantizers = new LowerQuantizers(lowering);
        integers = new LowerIntegers(lowering);
        movement = new LowerMovement(lowering);
        reductions = new LowerReductions(lowering);
    }

    /**
     * The naive kernel program of a legal graph.
     *
     * @param target what the program is for
     * @throws IllegalStateException if a node has no lowering
     */
    public static KernelProgram lower(Graph graph, Target target) {
        Lower lower = new Lower(graph, target);
        graph.nodes().forEach(lower::lower);
        return lower.lowering.program();
    }

    private void lower(Node node) {
        switch (node.operation()) {
            case Operation.Input op -> lowering.define(node);
            case Operation.Constant op -> lowering.defineConstant(node.id(), op.tensor());
            case Operation.Parameter op -> refuse(node);
            case Operation.WeightCodes op -> refuse(node);
            case Operation.WeightScale op -> refuse(node);
            case Operation.BatchNorm op -> refuse(node);
            case Operation.NotLowered op -> refuse(node);
            case Operation.MeasureRange op -> quantizers.lower(node, op);
            case Operation.RangeScale op -> quantizers.lower(node, op);
            case Operation.RangeZero op -> quantizers.lower(node, op);
            case Operation.StepTable op -> quantizers.lower(node, op);
            case Operation.Quantize op -> quantizers.lower(node, op);
            case Operation.Dequantize op -> quantizers.lower(node, op);
            case Operation.Sign op -> quantizers.lower(node, op);
            case Operation.Ternarize op -> quantizers.lower(node, op);
            case Operation.Threshold op -> quantizers.lower(node, op);
            case Operation.Requantize op -> integers.lower(node, op);
            case Operation.RescaleIntegers op -> integers.lower(node, op);
            case Operation.SumPool op -> reductions.lower(node, op);
            case Operation.CombineCodes op -> integers.lower(node, op);
            case Operation.CodeTable op -> integers.lower(node, op);
            case Operation.Dense op -> products.lower(node, op);
            case Operation.Conv op -> products.lower(node, op);
            case Operation.Rescale op -> elements.lower(node, op);
            case Operation.Affine op -> elements.lower(node, op);
            case Operation.Elementwise op -> elements.lower(node, op);
            case Operation.Activation op -> elements.lower(node, op);
            case Operation.Clip op -> elements.lower(node, op);
            case Operation.PRelu op -> elements.lower(node, op);
            case Operation.MaxPool op -> reductions.lower(node, op);
            case Operation.AvgPool op -> reductions.lower(node, op);
            case Operation.MatMul op -> products.lower(node, op);
            case Operation.Softmax op -> reductions.lower(node, op);
            case Operation.ArgMax op -> reductions.lower(node, op);
            case Operation.Reshape op -> lowering.alias(node, op.x());
            case Operation.Transpose op -> movement.lower(node, op);
            case Operation.Composite op -> refuse(node);
            case Operation.Gather op -> movement.lower(node, op);
            case Operation.RowStatistic op -> reductions.lower(node, op);
            case Operation.Slice op -> movement.lower(node, op);
            case Operation.Concat op -> movement.lower(node, op);
        }
    }

    private static void refuse(Node node) {
        throw new IllegalStateException("no lowering of " + node);
    }
}
