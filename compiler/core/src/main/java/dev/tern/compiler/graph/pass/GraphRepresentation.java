package dev.tern.compiler.graph.pass;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.GraphVerifier;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.pipeline.Representation;
import java.util.List;
import java.util.Map;

/** Model graphs as the driver of passes sees them. */
public final class GraphRepresentation implements Representation<Graph> {
    @Override
    public List<String> verify(Graph graph) {
        return GraphVerifier.verify(graph);
    }

    @Override
    public String print(Graph graph) {
        return GraphPrinter.print(graph);
    }

    @Override
    public Graph markChanges(Graph before, Graph after, String pass) {
        Map<ValueId, Node> old = before.definitions();
        return after.withNodes(after.nodes().stream().map(node -> {
            Node was = old.get(node.id());
            boolean same = was != null && was.operation().equals(node.operation()) && was.type().equals(node.type());
            return same ? node : new Node(node.id(), node.type(), node.operation(), node.origin().changedBy(pass));
        }).toList());
    }
}
