package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.program.ClassResults;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.pass.Lower;
import dev.tern.compiler.kernel.schedule.CostModel;
import java.util.List;
import java.util.Random;

/** Asserts that a graph, its kernel programs and their classes compute the same bits. */
final class SameResults {
    private SameResults() {
    }

    static void check(Graph graph, long seed) {
        check(graph, Lower.lower(graph, CostModel.Choice.preferring(CostModel.Family.POPCOUNT)), seed);
        check(graph, Lower.lower(graph, CostModel.Choice.preferring(CostModel.Family.MULTIPLY)), seed);
    }

    private static void check(Graph graph, KernelProgram program, long seed) {
        assertThat(KernelVerifier.verify(program)).as(() -> KernelPrinter.print(program)).isEmpty();
        Random random = new Random(seed);
        for (int i = 0; i < 2; i++) {
            List<Tensor> inputs = KernelModels.inputs(graph, random);
            List<Tensor> expected = GraphInterpreter.run(graph, inputs);
            assertThat(KernelInterpreter.run(program, inputs)).as(() -> KernelPrinter.print(program))
                    .isEqualTo(expected);
            assertThat(ClassResults.run(program, inputs)).as(() -> KernelPrinter.print(program)).isEqualTo(expected);
        }
    }
}
