package dev.tern.compiler.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.bytecode.model.ClassResults;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.interpreter.GraphInterpreter;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
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
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Joins, branches and pools between products of low bits, on which other compilers give codes up for floats: what is
 * left of f32 between the kernels, and that the answers are the oracle's.
 */
class StreamliningTest {
    private static final Path TEXTS = Path.of("src/test/resources/streamlining");

    @ParameterizedTest
    @ValueSource(strings = {"identity-residual", "downsampling-residual", "two-consumers", "concat-of-scales",
        "pool-before-sign", "gammas", "one-scale", "pool-before-batchnorm", "nested-joins", "concat-of-three"})
    void keepsItsLowBits(String name) throws IOException {
        Graph bound = TernModels.bound(name + ".tern", Files.readString(TEXTS.resolve(name + ".tern")), 9);
        Graph graph = GraphPasses.standard().run(bound, new Diagnostics(), PassObserver.none());
        List<Tensor> inputs = new RandomTensors(new Random(3)).inputs(bound);
        List<Tensor> expected = GraphInterpreter.run(bound, inputs);
        StringBuilder text = new StringBuilder(GraphPrinter.print(graph));
        for (Target target : List.of(Target.PORTABLE, Target.vector(256))) {
            KernelProgram program = KernelPasses.standard(CostModel.Choice.CHEAPEST).run(Lower.lower(graph, target),
                    new Diagnostics(), PassObserver.none());
            assertThat(ClassResults.run(program, inputs)).isEqualTo(expected);
            text.append(target).append(": f32 between kernels: ").append(reals(program)).append('\n');
        }
        Golden.check("streamlining/" + name + ".txt", text.toString());
    }

    private static String reals(KernelProgram program) {
        Lifetimes lifetimes = Lifetimes.of(program);
        String names = program.buffers().stream().filter(buffer -> buffer.bank() == Bank.F32
                && buffer.role() == Buffer.Role.VALUE && lifetimes.used(buffer.id()))
                .map(buffer -> buffer.name() + " (" + buffer.length() + ")").collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }
}
