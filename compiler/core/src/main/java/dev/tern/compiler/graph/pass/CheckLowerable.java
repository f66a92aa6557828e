package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.Position;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import java.util.HashSet;
import java.util.Set;

/** Reports everything in the model that has no lowering, all at once and where it is written; changes nothing. */
public final class CheckLowerable implements GraphPass {
    private record Found(String name, Position position) {
    }

    @Override
    public String summary() {
        return "report what cannot be compiled, before any work is done";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        Set<Found> reported = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.NotLowered(String name, String instead, var operands)
                    && reported.add(new Found(name, node.origin().position()))) {
                diagnostics.add(Diagnostic
                        .error(DiagnosticCode.NOT_LOWERED, "`" + name + "` can be checked but not compiled",
                                node.origin().position(), "not compiled")
                        .help(instead));
            }
        }
        return graph;
    }
}
