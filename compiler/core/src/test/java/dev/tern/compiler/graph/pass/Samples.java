package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphBuilder;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.graph.ValueId;
import java.util.List;
import java.util.function.Function;

/** Graphs of a few nodes, written node by node. */
final class Samples {
    private Samples() {
    }

    static GraphBuilder builder() {
        return new GraphBuilder("Sample", "sample.tern",
                new Origin("layer", new FilePosition("sample.tern", -1, "layer")));
    }

    /** A graph whose output is a value. */
    static Graph graph(Function<GraphBuilder, ValueId> value) {
        GraphBuilder builder = builder();
        builder.output("y", value.apply(builder), List.of());
        return builder.build();
    }

    /** The node that the first output is. */
    static Node output(Graph graph) {
        return graph.definitions().get(graph.outputs().getFirst().value());
    }
}
