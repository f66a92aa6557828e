package dev.tern.quantizer.posttraining;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import java.util.Map;

/** A graph whose parameters are known numbers. */
public final class KnownParameters {
    private KnownParameters() {
    }

    /** The graph with constants in the place of the parameters that there are numbers for. */
    public static Graph bind(Graph graph, Map<String, Tensor.Floats> parameters) {
        return graph.withNodes(graph.nodes().stream()
                .map(node -> node.operation() instanceof Operation.Parameter(String path, _)
                        && parameters.containsKey(path)
                                ? new Node(node.id(), node.type(), new Operation.Constant(parameters.get(path)),
                                        node.origin())
                                : node)
                .toList());
    }
}
