package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.model.ClassResults;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.testing.RandomTensors;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Under every budget of memory a model either computes what it computes without, or is refused. */
class RamBudgetTest {
    private static final String HEAD = """
            model Tight(x: f32[8, 8, 8]) -> (y: f32[8, 8, 8]) {
                default weights: ternary(twn), activations: sign
            """;

    /** A value stays stored for its relu, or its relu for the sum, so that one of two stores is taken away. */
    private static final List<String> BODIES = List.of(
            "v = x |> conv(8, 3x3)\n w = v |> conv(8, 3x3, activations: float)\n y = relu(v) + w",
            "v = x |> conv(8, 3x3, activations: float)\n w = v |> conv(8, 3x3, activations: dynamic(4))\n"
                    + " y = relu(v) + w",
            "v = x |> conv(8, 3x3, activations: dynamic(4))\n w = v |> conv(8, 3x3, activations: float)\n"
                    + " y = relu(v) * w - v",
            "v = x |> conv(8, 3x3) |> batchnorm\n w = concat(v |> conv(3, 3x3, activations: float), relu(v))\n"
                    + " y = w |> conv(8, 1x1, activations: dynamic(2))");

    static Stream<Arguments> models() {
        return BODIES.stream().flatMap(body -> Stream.of(Target.PORTABLE, Target.vector(256))
                .map(target -> Arguments.of(body, target)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void keepsItOrIsRefused(String body, Target target) {
        Graph model = TernModels.bound("tight.tern", HEAD + body + "\n}\n", 3);
        Graph graph = GraphPasses.standard().run(model, new Diagnostics(), PassObserver.none());
        List<Tensor> inputs = new RandomTensors(new Random(4)).inputs(model);
        List<Tensor> expected = GraphInterpreter.run(model, inputs);
        long wanted = program(graph, target, 0).arenaBytes();
        Set<Long> kept = new TreeSet<>();
        int refused = 0;
        for (long ram = wanted; ram > 0; ram -= wanted / 40) {
            try {
                KernelProgram program = program(graph, target, ram);
                assertThat(program.arenaBytes()).isLessThanOrEqualTo(ram);
                if (kept.add(program.arenaBytes())) {
                    assertThat(ClassResults.run(program, inputs)).as("within %s bytes", ram).isEqualTo(expected);
                }
            } catch (CompilationFailedException failure) {
                assertThat(failure.diagnostics()).extracting("code").containsExactly(DiagnosticCode.BUDGET_EXCEEDED);
                refused++;
            }
        }
        assertThat(refused).isPositive();
        if (body.equals(BODIES.getFirst())) {
            assertThat(kept).as("one of two f32 values need not be kept").containsExactly(wanted - 8 * 8 * 8
                    * Float.BYTES,
                    wanted);
        }
    }

    private static KernelProgram program(Graph graph, Target target, long ram) {
        Graph limited = new Graph(graph.name(), graph.documentation(), graph.source(), graph.nodes(), graph.inputs(),
                graph.outputs(), new Graph.Budget(0, ram));
        return KernelPasses.standard(CostModel.Choice.CHEAPEST).run(Lower.lower(limited, target),
                new Diagnostics(), PassObserver.none());
    }
}
