package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.model.ClassResults;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.CheckBudgets;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.pipeline.Pass;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.RandomSchedules;
import java.util.List;
import java.util.Random;

/** Asserts that a graph, its kernel programs and their classes compute the same bits. */
final class SameResults {
    private SameResults() {
    }

    static void check(Graph graph, long seed) {
        for (Target target : List.of(Target.PORTABLE, Target.vector(256), Target.vector(512))) {
            // Not each of these choices is one that a budget would leave.
            KernelProgram lowered = Lower.lower(within(graph, Graph.Budget.NONE), target);
            for (Family family : Family.values()) {
                check(graph, lowered, CostModel.Choice.preferring(family), seed);
            }
            check(graph, lowered, new RandomSchedules(target, new Random(seed)), seed);
        }
        checkShortOfMemory(graph, seed);
    }

    /** A budget that nothing meets, so that all is done to meet it. */
    private static void checkShortOfMemory(Graph graph, long seed) {
        Graph tight = within(graph, new Graph.Budget(0, 1));
        List<Tensor> inputs = KernelModels.inputs(graph, new Random(seed));
        List<Tensor> expected = GraphInterpreter.run(graph, inputs);
        KernelProgram program = Lower.lower(tight, Target.PORTABLE);
        for (Pass<KernelProgram> pass : KernelPasses.standard(CostModel.Choice.preferring(Family.POPCOUNT))
                .passes()) {
            if (!(pass instanceof CheckBudgets)) {
                program = pass.apply(program, new Diagnostics());
                check(program, inputs, expected);
            }
        }
        KernelProgram last = program;
        assertThat(ClassResults.run(last, inputs)).as(() -> KernelPrinter.print(last)).isEqualTo(expected);
    }

    private static Graph within(Graph graph, Graph.Budget budget) {
        return new Graph(graph.name(), graph.documentation(), graph.source(), graph.nodes(), graph.inputs(),
                graph.outputs(), budget);
    }

    private static void check(Graph graph, KernelProgram lowered, CostModel.Choice choice, long seed) {
        Random random = new Random(seed);
        List<Tensor> inputs = KernelModels.inputs(graph, random);
        List<Tensor> expected = GraphInterpreter.run(graph, inputs);
        check(lowered, inputs, expected);
        Diagnostics diagnostics = new Diagnostics();
        KernelProgram last = KernelPasses.standard(choice).run(lowered, diagnostics, (pass, program, changed) -> {
            if (changed) {
                check(program, inputs, expected);
            }
        });
        assertThat(diagnostics.list()).isEmpty();
        for (KernelProgram program : List.of(lowered, last)) {
            assertThat(ClassResults.run(program, inputs)).as(() -> KernelPrinter.print(program)).isEqualTo(expected);
        }
    }

    private static void check(KernelProgram program, List<Tensor> inputs, List<Tensor> expected) {
        assertThat(KernelVerifier.verify(program)).as(() -> KernelPrinter.print(program)).isEmpty();
        assertThat(KernelInterpreter.run(program, inputs)).as(() -> KernelPrinter.print(program)).isEqualTo(expected);
    }
}
