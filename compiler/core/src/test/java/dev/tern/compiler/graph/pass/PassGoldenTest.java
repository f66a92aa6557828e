package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.pipeline.Pass;
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
 * One model per pass: the graph before and after the pass where it first changes something in the standard list, and
 * what both compute.
 */
class PassGoldenTest {
    private static final Path TEXTS = Path.of("src", "test", "resources", "passes");

    static Stream<String> passes() {
        return GraphPasses.standard().passes().stream().map(Pass::name).filter(n -> !n.equals("CheckLowerable"));
    }

    @ParameterizedTest
    @MethodSource("passes")
    void changesTheGraphAndKeepsTheResult(String pass) throws IOException {
        Graph model = TernModels.bound(pass + ".tern", text(pass), 7);
        Graph[] around = new Graph[2];
        Graph[] last = {model};
        GraphPasses.standard().run(model, new Diagnostics(), (ran, graph, changed) -> {
            if (ran.name().equals(pass) && changed && around[0] == null) {
                around[0] = last[0];
                around[1] = graph;
            }
            last[0] = graph;
        });
        assertThat(around[0]).as("%s changes its model", pass).isNotNull();
        String expected = results(around[0]);
        assertThat(results(around[1])).isEqualTo(expected);
        Golden.check(TEXTS.resolve(pass + ".golden"), "--- before " + pass + "\n" + GraphPrinter.print(around[0])
                + "--- after " + pass + "\n" + GraphPrinter.print(around[1]) + "--- both compute\n" + expected);
    }

    @Test
    void everythingThatCannotBeCompiledIsReportedAtOnce() throws IOException {
        Graph model = TernModels.bound("CheckLowerable.tern", text("CheckLowerable"), 7);
        String found = "";
        try {
            GraphPasses.standard().run(model, new Diagnostics(), (pass, graph, changed) -> {
            });
        } catch (CompilationFailedException e) {
            found = e.getMessage();
        }
        Golden.check(TEXTS.resolve("CheckLowerable.golden"), found);
    }

    private static String text(String pass) throws IOException {
        return Files.readString(TEXTS.resolve(pass + ".tern"));
    }

    private static String results(Graph graph) {
        RandomTensors tensors = new RandomTensors(new Random(7));
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 2; i++) {
            List<Tensor> outputs = GraphInterpreter.run(graph, tensors.inputs(graph));
            for (int o = 0; o < outputs.size(); o++) {
                out.append(graph.outputs().get(o).name()).append(" = ").append(switch (outputs.get(o)) {
                    case Tensor.Floats floats -> Arrays.toString(floats.values());
                    case Tensor.Integers integers -> Arrays.toString(integers.values());
                }).append('\n');
            }
        }
        return out.toString();
    }
}
