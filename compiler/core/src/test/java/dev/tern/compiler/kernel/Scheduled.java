package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.model.ClassResults;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import java.util.List;

/** Graphs compiled by chosen schedules. */
final class Scheduled {
    private Scheduled() {
    }

    /** Asserts that kernels and class give the oracle's bits. @return the program */
    static KernelProgram check(Graph graph, Target target, CostModel.Choice choice,
            List<Tensor> inputs) {
        List<Tensor> expected = GraphInterpreter.run(graph, inputs);
        Diagnostics diagnostics = new Diagnostics();
        Graph optimized = GraphPasses.standard().run(graph, diagnostics, PassObserver.none());
        KernelProgram program = KernelPasses.standard(choice).run(Lower.lower(optimized, target), diagnostics,
                PassObserver.none());
        assertThat(diagnostics.list()).isEmpty();
        assertThat(KernelVerifier.verify(program)).as(() -> KernelPrinter.print(program)).isEmpty();
        assertThat(KernelInterpreter.run(program, inputs)).as(() -> KernelPrinter.print(program)).isEqualTo(expected);
        assertThat(ClassResults.run(program, inputs)).as(() -> KernelPrinter.print(program)).isEqualTo(expected);
        return program;
    }
}
