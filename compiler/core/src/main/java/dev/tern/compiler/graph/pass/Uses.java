package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.ValueId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who uses each value of a graph. */
final class Uses {
    private final Map<ValueId, List<Node>> users = new HashMap<>();
    private final Set<ValueId> outputs = new HashSet<>();

    private Uses() {
    }

    static Uses of(Graph graph) {
        Uses uses = new Uses();
        for (Node node : graph.nodes()) {
            for (ValueId operand : new HashSet<>(node.operation().operands())) {
                uses.users.computeIfAbsent(operand, id -> new ArrayList<>()).add(node);
            }
        }
        graph.outputs().forEach(output -> uses.outputs.add(output.value()));
        return uses;
    }

    /** The nodes that have the value as an operand. */
    List<Node> of(ValueId value) {
        return users.getOrDefault(value, List.of());
    }

    /** Whether exactly one node uses the value, and no output is it. */
    boolean single(ValueId value) {
        return of(value).size() == 1 && !outputs.contains(value);
    }

    boolean isOutput(ValueId value) {
        return outputs.contains(value);
    }
}
