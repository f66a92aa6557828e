package dev.tern.compiler.testing;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.kernel.lower.CheckOperands;
import java.util.ArrayList;
import java.util.List;

/** What some of the passes over the graph leave, as far as it can be lowered: no pass may rest on later ones. */
public final class LegalGraphs {
    private LegalGraphs() {
    }

    /** The graph itself and what each pass left, where only forms are left that are lowered; the last of them last. */
    public static List<Graph> of(Graph model) {
        List<Graph> legal = new ArrayList<>();
        if (legal(model)) {
            legal.add(model);
        }
        GraphPasses.standard().run(model, new Diagnostics(), (pass, graph, changed) -> {
            if (changed && legal(graph)) {
                legal.add(graph);
            }
        });
        return legal;
    }

    private static boolean legal(Graph graph) {
        Diagnostics diagnostics = new Diagnostics();
        CheckOperands.check(graph, diagnostics);
        return !diagnostics.hasErrors() && graph.nodes().stream().noneMatch(node -> node
                .operation() instanceof Operation.WeightCodes
                || node.operation() instanceof Operation.WeightScale
                || node.operation() instanceof Operation.BatchNorm
                || node.operation() instanceof Operation.Composite);
    }
}
