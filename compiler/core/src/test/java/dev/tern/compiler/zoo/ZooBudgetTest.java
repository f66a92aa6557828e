package dev.tern.compiler.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.bytecode.model.ClassResults;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.GraphInterpreter;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The four networks of v1.0 in low bits run in 64 KiB of memory, their images counted, to the same bits. */
class ZooBudgetTest {
    private static final long RAM = 64 << 10;

    @ParameterizedTest
    @ValueSource(strings = {"kws-1bit", "vww-1bit", "ad-1bit", "ic-1bit", "kws-ternary4", "vww-ternary4", "ad-ternary4",
        "ic-ternary4"})
    void runsInSixtyFourKilobytes(String name) {
        AnalyzedModel model = Zoo.analyzed(name, Zoo.text(name));
        Graph bound = Zoo.bound(model).withBudget(new Graph.Budget(0, RAM));
        Compilation compilation = Compilation.of(bound, model.layers(), HostTarget.portable("a test"));
        assertThat(compilation.footprint().arena().bytes()).isLessThanOrEqualTo(RAM);
        List<Tensor> inputs = Zoo.inputs(bound, 6);
        assertThat(ClassResults.run(compilation.program(), inputs)).isEqualTo(GraphInterpreter.run(bound, inputs));
    }
}
