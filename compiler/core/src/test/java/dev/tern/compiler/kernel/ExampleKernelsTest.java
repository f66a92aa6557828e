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
import dev.tern.compiler.testing.Golden;
import dev.tern.compiler.testing.TernModels;
import dev.tern.compiler.tuning.TunedChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example files of the language with made-up parameters: what kernels they become, and that these are right. */
class ExampleKernelsTest {
    @ParameterizedTest
    @ValueSource(strings = {"digits", "tinymlp", "kws", "denoiser"})
    void example(String name) throws IOException {
        check(name, text(name));
    }

    @Test
    void residual() throws IOException {
        check("residual", text("residual") + """
                model Two(image: f32[8, 8, 16]) -> (features: f32[4, 4, 32]) {
                    default weights: binary, activations: dynamic(2)
                    features = image |> Residual(16) |> Residual(32, stride: 2)
                }
                """);
    }

    /** Scales by groups of inputs, of each op with weights: what groups of channels split is split once more. */
    @Test
    void groupScales() throws IOException {
        check("group-scales", """
                model GroupScales(x: f32[5, 5, 8]) -> (y: f32[3], rows: f32[5, 5, 2]) {
                    default weights: int(4, scale: group(4)), activations: dynamic(4)
                    a = x |> conv(8, 3x3, stride: 2, bias: true) |> relu
                    b = a |> conv(8, 3x3, groups: 2, weights: ternary(ttq, scale: group(2)))
                    c = b |> depthwise(3x3, weights: binary(scale: group(1)), activations: sign)
                    y = c |> convtranspose(2, 2x2, stride: 2) |> flatten
                          |> dense(3, weights: ternary(scale: group(24)))
                    rows = x |> dense(2, activations: dynamic(8, absmax, per: row))
                }
                """);
    }

    private static String text(String example) throws IOException {
        return Files.readString(Path.of("src/test/resources/examples", example + ".tern"));
    }

    private static void check(String name, String text) {
        Diagnostics diagnostics = new Diagnostics();
        Graph bound = TernModels.bound(name + ".tern", text, 21);
        Graph graph = GraphPasses.standard().run(bound, diagnostics, PassObserver.none());
        List<Tensor> inputs = KernelModels.inputs(graph, new Random(22));
        List<Tensor> expected = GraphInterpreter.run(graph, inputs);
        KernelProgram program = KernelPasses.standard(graph.budget().ram() > 0
                ? TunedChoice.withinLines()
                : CostModel.Choice.CHEAPEST).run(
                        Lower.lower(graph, Target.PORTABLE), diagnostics,
                        (pass, after, changed) -> assertThat(KernelInterpreter.run(after, inputs)).as(pass.name())
                                .isEqualTo(expected));
        assertThat(diagnostics.list()).isEmpty();
        assertThat(ClassResults.run(program, inputs)).isEqualTo(expected);
        Golden.check("kernel/" + name + ".kernels", KernelPrinter.print(program) + "weights "
                + program.constantBytes() + " bytes, arena " + program.arenaBytes() + " bytes\n");
    }
}
