package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.program.ClassResults;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.pass.KernelPasses;
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

    private static void check(Graph graph, KernelProgram lowered, long seed) {
        Random random = new Random(seed);
        List<Tensor> inputs = KernelModels.inputs(graph, random);
        List<Tensor> expected = GraphInterpreter.run(graph, inputs);
        check(lowered, inputs, expected);
        Diagnostics diagnostics = new Diagnostics();
        KernelProgram last = KernelPasses.standard().run(lowered, diagnostics, (pass, program, changed) -> {
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
