package dev.tern.compiler.bytecode.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;

/** Programs that the whole compiler makes of a text, with random numbers for its parameters. */
final class LoweredModels {
    private LoweredModels() {
    }

    /** @param text of a model named Piece */
    static KernelProgram of(String text, Target target, CostModel.Choice choice) {
        Diagnostics diagnostics = new Diagnostics();
        Graph graph = GraphPasses.standard().run(TernModels.bound("piece.tern", text, 5), diagnostics,
                PassObserver.none());
        KernelProgram program = KernelPasses.standard(choice).run(Lower.lower(graph, target), diagnostics,
                PassObserver.none());
        assertThat(diagnostics.list()).isEmpty();
        return program;
    }

    /** The program of a graph with its parameters, placed in its arena. */
    static KernelProgram placed(Graph graph, Target target) {
        Diagnostics diagnostics = new Diagnostics();
        Graph optimized = GraphPasses.standard().run(graph, diagnostics, PassObserver.none());
        return KernelPasses.placing(CostModel.Choice.CHEAPEST).run(Lower.lower(optimized, target), diagnostics,
                PassObserver.none());
    }
}
