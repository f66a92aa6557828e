package dev.tern.quantizer.calibration;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ValueId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The model that {@code dynamic(bits, minmax)} in the place of {@code static(bits, calibrated)} makes. */
public final class MeasuredRanges {
    private final Map<ValueId, Node> definitions;
    private final Map<ValueId, Set<ValueId>> read = new HashMap<>();
    private final Set<ValueId> placed = new HashSet<>();
    private final List<Node> nodes = new ArrayList<>();

    private MeasuredRanges(Graph graph) {
        this.definitions = graph.definitions();
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Quantize quantize
                    && definitions.get(quantize.scale()).operation() instanceof Operation.RangeScale(ValueId range, _)
                    && definitions.get(range).operation() instanceof Operation.Parameter) {
                read.computeIfAbsent(range, _ -> new HashSet<>()).add(quantize.x());
            }
        }
    }

    /**
     * The same graph, each range of a tensor measured on what is quantized. Ranges by channel, for which dynamic
     * quantization has no like, and those that several values share stay parameters.
     *
     * @param graph as analyzed, its ranges still parameters
     */
    public static Graph of(Graph graph) {
        MeasuredRanges measured = new MeasuredRanges(graph);
        graph.nodes().forEach(node -> measured.place(node.id()));
        return graph.withNodes(measured.nodes);
    }

    /** Puts a node behind its operands: a range that is measured comes later than one that was known. */
    private void place(ValueId id) {
        if (!placed.add(id)) {
            return;
        }
        Node node = definitions.get(id);
        Set<ValueId> values = read.getOrDefault(id, Set.of());
        Operation operation = values.size() == 1
                ? new Operation.MeasureRange(values.iterator().next(), false)
                : node.operation();
        operation.operands().forEach(this::place);
        nodes.add(new Node(id, node.type(), operation, node.origin()));
    }
}
