package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.interpreter.KernelInterpreter;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.pipeline.Pass;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.Golden;
import dev.tern.compiler.testing.RandomTensors;
import dev.tern.compiler.testing.TernModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One model per pass: the program before and after the pass where it first changes something in the standard list, and
 * what both compute. Products use popcount wherever they can, so that small models show what large ones become.
 */
class KernelPassGoldenTest {
    private static final Path TEXTS = Path.of("src", "test", "resources", "kernel", "passes");

    private static final CostModel.Choice POPCOUNT = CostModel.Choice.preferring(Family.POPCOUNT);

    static Stream<String> passes() {
        return KernelPasses.standard(POPCOUNT).passes().stream().map(Pass::name).filter(n -> !n.equals("CheckBudgets"));
    }

    @ParameterizedTest
    @MethodSource("passes")
    void changesTheProgramAndKeepsTheResult(String pass) throws IOException {
        KernelProgram lowered = lowered(graph(pass));
        KernelProgram[] around = new KernelProgram[2];
        KernelProgram[] last = {lowered};
        KernelPasses.standard(POPCOUNT).run(lowered, new Diagnostics(), (ran, program, changed) -> {
            if (ran.name().equals(pass) && changed && around[0] == null) {
                around[0] = last[0];
                around[1] = program;
            }
            last[0] = program;
        });
        assertThat(around[0]).as("%s changes its model", pass).isNotNull();
        String expected = results(around[0]);
        assertThat(results(around[1])).isEqualTo(expected);
        Golden.check(TEXTS.resolve(pass + ".golden"), "--- before " + pass + "\n" + KernelPrinter.print(around[0])
                + "--- after " + pass + "\n" + KernelPrinter.print(around[1]) + "--- both compute\n" + expected);
    }

    @Test
    void loweringKeepsTheResult() throws IOException {
        Graph graph = graph("Lower");
        KernelProgram program = lowered(graph);
        List<Tensor> inputs = new RandomTensors(new Random(7)).inputs(graph);
        List<Tensor> outputs = GraphInterpreter.run(graph, inputs);
        assertThat(KernelInterpreter.run(program, inputs)).isEqualTo(outputs);
        Golden.check(TEXTS.resolve("Lower.golden"),
                GraphPrinter.print(graph) + "--- lowered\n" + KernelPrinter.print(program));
    }

    @Test
    void brokenBudgetsAreReportedWithWhatTookTheSpace() throws IOException {
        KernelProgram lowered = lowered(graph("CheckBudgets"));
        CompilationFailedException failure = catchThrowableOfType(CompilationFailedException.class,
                () -> KernelPasses.standard(POPCOUNT).run(lowered, new Diagnostics(), PassObserver.none()));
        Golden.check(TEXTS.resolve("CheckBudgets.golden"), failure.getMessage());
    }

    private static Graph graph(String pass) throws IOException {
        Graph model = TernModels.bound(pass + ".tern", Files.readString(TEXTS.resolve(pass + ".tern")), 7);
        return GraphPasses.standard().run(model, new Diagnostics(), PassObserver.none());
    }

    private static KernelProgram lowered(Graph graph) {
        return Lower.lower(graph, Target.PORTABLE);
    }

    private static String results(KernelProgram program) {
        RandomTensors tensors = new RandomTensors(new Random(7));
        List<Tensor> inputs = program.inputs().stream()
                .map(port -> (Tensor) tensors.floats(port.shape())).toList();
        List<Tensor> outputs = KernelInterpreter.run(program, inputs);
        StringBuilder out = new StringBuilder();
        for (int o = 0; o < outputs.size(); o++) {
            out.append(program.outputs().get(o).name()).append(" = ").append(switch (outputs.get(o)) {
                case Tensor.Floats floats -> Arrays.toString(floats.values());
                case Tensor.Integers integers -> Arrays.toString(integers.values());
            }).append('\n');
        }
        return out.toString();
    }
}
