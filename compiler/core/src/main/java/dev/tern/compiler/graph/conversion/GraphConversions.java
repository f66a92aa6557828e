package dev.tern.compiler.graph.conversion;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.pass.EliminateDeadOperations;
import dev.tern.compiler.graph.pass.GraphRepresentation;
import dev.tern.compiler.graph.pass.PropagateRanges;
import dev.tern.compiler.pipeline.PassPipeline;

/** The lists of conversions. */
public final class GraphConversions {
    private GraphConversions() {
    }

    /** For what computes without floating point; run over a graph as the standard passes leave it. */
    public static PassPipeline<Graph> integersAlone() {
        return PassPipeline.over(new GraphRepresentation())
                .then(new RequantizeByIntegers())
                .then(new EliminateDeadOperations())
                .then(new PropagateRanges());
    }
}
