package dev.tern.compiler.kernel.pass;

import static dev.tern.compiler.kernel.pass.KernelSketch.TANH;
import static dev.tern.compiler.kernel.pass.KernelSketch.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.Step;
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
        assertThat(help(3)).containsExactly("needed at once while 'k0' runs:", "    64 bytes  b0", "    64 bytes  b1",
                "    64 bytes  b2");
    }

    @Test
    void eightRowsAndTheRest() {
        assertThat(help(8)).hasSize(9).doesNotHaveDuplicates().last().isEqualTo("    64 bytes  b7");
        assertThat(help(9)).hasSize(10).last().isEqualTo("    64 bytes  1 smaller ones");
    }
}
