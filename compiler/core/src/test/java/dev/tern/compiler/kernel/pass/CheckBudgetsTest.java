package dev.tern.compiler.kernel.pass;

import static dev.tern.compiler.kernel.pass.KernelSketch.TANH;
import static dev.tern.compiler.kernel.pass.KernelSketch.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Graph.Budget;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.RandomModels;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CheckBudgetsTest {
    /** What the diagnostic says about a program of as many values that live at once, all twice over. */
    private static List<String> help(int values) {
        KernelSketch builder = new KernelSketch();
        BufferId input = builder.input(2, 8);
        for (int half = 0; half < 2; half++) {
            List<BufferId> live = IntStream.range(1, values).mapToObj(_ -> builder.value(2, 8)).toList();
            builder.load(input, 2, 8, Stream.concat(Stream.of(TANH), live.stream().map(id -> store(id, 8)))
                    .toArray(Step[]::new));
        }
        return CheckBudgets.exceeded(new PlanArena().apply(builder.build(1), new Diagnostics())).getFirst().help();
    }

    /** Of equal peaks the first is named. */
    @Test
    void whatIsNeededAtOnce() {
        assertThat(help(3)).containsExactly(
                "bytes; values of one type share an array, as long as the most that is held of them at once:",
                "          64  b0, f32, while 'k0' runs", "          64  b1, f32, while 'k0' runs",
                "          64  b2, f32, while 'k0' runs", "         192  together");
    }

    @Test
    void eightRowsAndTheRest() {
        assertThat(help(8)).hasSize(10).doesNotHaveDuplicates().element(8)
                .isEqualTo("          64  b7, f32, while 'k0' runs");
        assertThat(help(9)).hasSize(11).element(9).isEqualTo("          64  a smaller one");
        assertThat(help(10)).hasSize(11).element(9).isEqualTo("         128  2 smaller ones");
    }

    @Test
    void rowsAddUp() {
        for (long seed = 0; seed < 40; seed++) {
            for (Target target : List.of(Target.PORTABLE, Target.vector(512))) {
                Diagnostics none = new Diagnostics();
                Graph graph = GraphPasses.standard().run(RandomModels.model(seed).withBudget(new Budget(1, 1)), none,
                        PassObserver.none());
                KernelProgram program = KernelPasses.placing(CostModel.Choice.CHEAPEST).run(Lower.lower(graph, target),
                        none, PassObserver.none());
                List<Diagnostic> exceeded = CheckBudgets.exceeded(program);
                assertThat(exceeded).as("model %d", seed).hasSizeBetween(0, 2);
                for (Diagnostic diagnostic : exceeded) {
                    List<Long> bytes = diagnostic.help().stream().skip(1)
                            .map(row -> Long.parseLong(row.strip().replaceAll(" .*|,", ""))).toList();
                    assertThat(bytes.subList(0, bytes.size() - 1).stream().mapToLong(Long::longValue).sum())
                            .as("model %d: %s", seed, diagnostic).isEqualTo(bytes.getLast());
                }
            }
        }
    }
}
