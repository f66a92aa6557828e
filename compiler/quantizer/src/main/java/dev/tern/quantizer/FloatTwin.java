package dev.tern.quantizer;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The same model without quantization, to be trained and measured beside it: float weights and activations, the same
 * operations and parameter paths. {@code sign} and {@code ternary} activations become a clip to -1..1, the function
 * whose gradient training lends them; without it layers of nothing but products would collapse into one.
 */
public final class FloatTwin {
    private final Map<ValueId, ValueId> renamed = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private FloatTwin() {
    }

    /** The float twin of a graph, bound or not. */
    public static Graph of(Graph graph) {
        FloatTwin twin = new FloatTwin();
        graph.nodes().forEach(twin::add);
        List<Graph.Output> outputs = graph.outputs().stream()
                .map(o -> new Graph.Output(o.name(), twin.rename(o.value()), o.labels())).toList();
        return graph.withOutputs(outputs).withNodes(living(twin.nodes, graph.inputs(), outputs));
    }

    /** The value of the float twin that stands where a value of the graph stood. */
    public static ValueId standIn(Map<ValueId, Node> definitions, ValueId id) {
        return passedThrough(definitions.get(id).operation()).map(x -> standIn(definitions, x)).orElse(id);
    }

    /** What an operation that only changes how a number is written leaves as it is. */
    private static Optional<ValueId> passedThrough(Operation operation) {
        return Optional.ofNullable(operation instanceof Operation.Quantize quantize
                ? quantize.x()
                : operation instanceof Operation.Rescale rescale
                        ? rescale.x()
                        : operation instanceof Operation.Dequantize dequantize
                                ? dequantize.codes()
                                : operation instanceof Operation.WeightCodes codes ? codes.weights() : null);
    }

    private void add(Node node) {
        switch (node.operation()) {
            case Operation.Quantize _,Operation.Rescale _,Operation.Dequantize _,Operation.WeightCodes _ ->
                renamed.put(node.id(), rename(passedThrough(node.operation()).orElseThrow()));
            case Operation.Sign sign -> keep(node, new Operation.Clip(rename(sign.x()), -1, 1));
            case Operation.Ternarize ternarize -> keep(node, new Operation.Clip(rename(ternarize.x()), -1, 1));
            case Operation.Dense dense ->
                keep(node, new Operation.Dense(rename(dense.a()), Optional.empty(), rename(dense.weights())));
            case Operation.Conv conv -> keep(node, new Operation.Conv(rename(conv.a()), Optional.empty(),
                    rename(conv.weights()), conv.geometry(), conv.groups(), conv.padding()));
            case Operation.Threshold _ -> throw new IllegalArgumentException("thresholds are made after training");
            case Operation.Composite composite -> keep(node, composite.expansion()
                    .inReals(composite.operands().stream().map(this::rename).toList()));
            // What is computed in f32 either way, and scales that nothing will read.
            // @formatter:off
            case Operation.Source _, Operation.WeightScale _, Operation.MeasureRange _, Operation.RangeScale _,
                 Operation.RangeZero _, Operation.StepTable _, Operation.BatchNorm _, Operation.Affine _,
                 Operation.Elementwise _, Operation.Activation _, Operation.Clip _, Operation.PRelu _,
                 Operation.MaxPool _, Operation.AvgPool _, Operation.Softmax _, Operation.ArgMax _,
                 Operation.Reshape _, Operation.Transpose _, Operation.Slice _, Operation.Concat _,
                 Operation.Gather _, Operation.RowStatistic _,
                 Operation.NotLowered _ ->
            // @formatter:on
                keep(node, node.operation().map(this::rename));
        }
    }

    private ValueId rename(ValueId id) {
        return renamed.getOrDefault(id, id);
    }

    private void keep(Node node, Operation operation) {
        boolean computed = !(operation instanceof Operation.Source);
        boolean integer = node.type().element() instanceof ElementType.Code
                || node.type().element() instanceof ElementType.Accumulator;
        TensorType type = computed && integer && !(operation instanceof Operation.ArgMax)
                ? new TensorType(ElementType.F32, node.type().shape())
                : node.type();
        nodes.add(new Node(node.id(), type, operation, node.origin()));
    }

    /** Without the scales and zero points that nothing reads any more. */
    private static List<Node> living(List<Node> nodes, List<ValueId> inputs, List<Graph.Output> outputs) {
        Set<ValueId> read = new HashSet<>(inputs);
        outputs.forEach(o -> read.add(o.value()));
        List<Node> living = new ArrayList<>();
        for (Node node : nodes.reversed()) {
            if (read.contains(node.id())) {
                read.addAll(node.operation().operands());
                living.add(node);
            }
        }
        return living.reversed();
    }
}
