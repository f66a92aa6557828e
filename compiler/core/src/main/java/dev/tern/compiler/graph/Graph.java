package dev.tern.compiler.graph;

import dev.tern.compiler.diagnostics.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model: nodes in an order in which every operand is defined before it is used.
 *
 * @param name the model's name
 * @param documentation its {@code ///} text
 * @param source the name of the .tern file
 * @param nodes in topological order; inputs are {@link Operation.Input} nodes
 * @param inputs the input nodes' ids in the order of the signature
 * @param outputs in the order of the signature
 * @param budget what it may cost
 */
public record Graph(String name, String documentation, String source, List<Node> nodes, List<ValueId> inputs,
        List<Output> outputs, Budget budget) {
    public Graph {
        nodes = List.copyOf(nodes);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** @param labels names of the entries, or empty */
    public record Output(String name, ValueId value, List<String> labels) {
        public Output {
            labels = List.copyOf(labels);
        }

        /**
         * How many names an output of a type takes: one for each element, of indices one for each value they may have.
         */
        public static long entries(TensorType type) {
            return type.element() instanceof ElementType.Accumulator index
                    ? index.high() + 1
                    : type.shape().elements();
        }
    }

    /**
     * Bytes; 0 means no limit.
     *
     * @param position where it is written
     */
    public record Budget(long flash, long ram, Optional<Position> position) {
        public static final Budget NONE = new Budget(0, 0);

        public Budget(long flash, long ram) {
            this(flash, ram, Optional.empty());
        }
    }

    public Graph withNodes(List<Node> newNodes) {
        return new Graph(name, documentation, source, newNodes, inputs, outputs, budget);
    }

    /** The same model with another budget. */
    public Graph withBudget(Budget newBudget) {
        return new Graph(name, documentation, source, nodes, inputs, outputs, newBudget);
    }

    public Graph withOutputs(List<Output> newOutputs) {
        return new Graph(name, documentation, source, nodes, inputs, newOutputs, budget);
    }

    /** The definitions by id; build it once for many look-ups. */
    public Map<ValueId, Node> definitions() {
        Map<ValueId, Node> map = new HashMap<>(nodes.size() * 2);
        for (Node node : nodes) {
            map.put(node.id(), node);
        }
        return map;
    }

    /** An id that no node has yet; the next ones follow it. */
    public int nextIndex() {
        return nodes.stream().mapToInt(n -> n.id().index()).max().orElse(-1) + 1;
    }
}
