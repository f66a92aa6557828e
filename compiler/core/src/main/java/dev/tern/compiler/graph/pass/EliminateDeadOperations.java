package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ValueId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Drops what no output needs; inputs stay, being part of the signature. */
public final class EliminateDeadOperations implements GraphPass {
    @Override
    public String summary() {
        return "drop what no output needs";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        Set<ValueId> live = new HashSet<>();
        graph.outputs().forEach(output -> live.add(output.value()));
        for (Node node : graph.nodes().reversed()) {
            if (live.contains(node.id())) {
                live.addAll(node.operation().operands());
            }
        }
        List<Node> kept = graph.nodes().stream()
                .filter(n -> live.contains(n.id()) || n.operation() instanceof Operation.Input).toList();
        return graph.withNodes(kept);
    }
}
