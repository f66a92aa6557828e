package dev.tern.compiler.kernel.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.KernelPrinter;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel.Choice;
import dev.tern.compiler.kernel.pass.ChooseSchedules;
import dev.tern.compiler.kernel.pass.PackWeights;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.Golden;
import dev.tern.compiler.testing.RandomTensors;
import dev.tern.compiler.testing.TernModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What lowering makes of a graph, and packing of that for each target, with the schedules that the cost model finds
 * cheapest.
 */
class LowerGoldenTest {
    private static final Path TEXTS = Path.of("src", "test", "resources", "dev", "tern", "compiler", "kernel", "lower",
            "Lower");

    @ParameterizedTest
    @ValueSource(strings = {"measured-rows", "schedules"})
    void eachTargetHasItsProgram(String name) throws IOException {
        Graph model = TernModels.bound(name + ".tern", Files.readString(TEXTS.resolve(name + ".tern")), 7);
        Graph graph = GraphPasses.standard().run(model, new Diagnostics(), PassObserver.none());
        List<Tensor> inputs = new RandomTensors(new Random(7)).inputs(graph);
        List<Tensor> expected = GraphInterpreter.run(graph, inputs);
        StringBuilder text = new StringBuilder(GraphPrinter.print(graph));
        KernelProgram plain = Lower.lower(graph, Target.PORTABLE);
        assertThat(KernelInterpreter.run(plain, inputs)).isEqualTo(expected);
        text.append("--- lowered\n").append(KernelPrinter.print(plain));
        for (Target target : List.of(Target.PORTABLE, Target.vector(256), Target.vector(512))) {
            Diagnostics none = new Diagnostics();
            KernelProgram program = new PackWeights()
                    .apply(new ChooseSchedules(Choice.CHEAPEST).apply(Lower.lower(graph, target), none), none);
            assertThat(KernelInterpreter.run(program, inputs)).isEqualTo(expected);
            text.append("--- packed for ").append(target).append('\n').append(KernelPrinter.print(program));
        }
        Golden.check(TEXTS.resolve(name + ".golden"), text.toString());
    }
}
