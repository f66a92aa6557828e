package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.ElementType.Accumulator;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.TypeInference;
import dev.tern.compiler.graph.ValueId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a new graph while a pass walks the old one in order. Operands of the nodes handed to the pass are already
 * those of the new graph.
 */
final class GraphRewriter {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<ValueId, Node> definitions = new HashMap<>();
    private final Definitions view = new Definitions(definitions);
    private final Map<ValueId, ValueId> replacements = new HashMap<>();
    private final Uses uses;
    private int next;

    private GraphRewriter(Graph graph) {
        this.uses = Uses.of(graph);
        this.next = graph.nextIndex();
    }

    /** What a pass does with one node: it calls one of {@code keep}, {@code redefine} and {@code replace}. */
    interface Rule {
        void rewrite(Node node, GraphRewriter out);
    }

    static Graph rewrite(Graph graph, Rule rule) {
        GraphRewriter out = new GraphRewriter(graph);
        for (Node node : graph.nodes()) {
            rule.rewrite(out.current(node), out);
        }
        return graph.withNodes(out.nodes).withOutputs(graph.outputs().stream()
                .map(o -> new Graph.Output(o.name(), out.current(o.value()), o.labels())).toList());
    }

    /** The node goes on as it is. */
    void keep(Node node) {
        nodes.add(node);
        definitions.put(node.id(), node);
    }

    /** The node's value is computed another way. */
    void redefine(Node node, Operation operation) {
        redefine(node, operation, node.origin());
    }

    void redefine(Node node, Operation operation, Origin origin) {
        keep(new Node(node.id(), node.type(), operation, origin));
    }

    /** The node is dropped; whoever used it uses the other value, which has the same bits. */
    void replace(Node node, ValueId by) {
        replacements.put(node.id(), by);
    }

    /** A new node before the one in hand. */
    ValueId add(Operation operation, Origin origin) {
        List<TensorType> types = operation.operands().stream().map(v -> definitions.get(v).type()).toList();
        return add(operation, TypeInference.of(operation, types), origin);
    }

    /** A new node of a type that its operands do not determine. */
    ValueId add(Operation operation, TensorType type, Origin origin) {
        ValueId id = new ValueId(next++);
        keep(new Node(id, type, operation, origin));
        return id;
    }

    /** What has been written so far. */
    Definitions definitions() {
        return view;
    }

    /** Who used a value in the old graph. */
    Uses uses() {
        return uses;
    }

    /** What replaces an accumulator may have a narrower interval; those that are computed from it then have, too. */
    private Node current(Node node) {
        Operation operation = node.operation().map(this::current);
        if (!(node.type().element() instanceof Accumulator) || operation.operands().equals(node.operation()
                .operands())) {
            return new Node(node.id(), node.type(), operation, node.origin());
        }
        List<TensorType> operands = operation.operands().stream().map(v -> definitions.get(v).type()).toList();
        return new Node(node.id(), TypeInference.narrowest(operation, operands, node.type()), operation, node.origin());
    }

    private ValueId current(ValueId id) {
        return replacements.getOrDefault(id, id);
    }
}
