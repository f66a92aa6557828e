package dev.tern.compiler.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.kernel.cost.CostModel.Candidate;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every candidate of every product gets a time. */
class TunerTest {
    private static final String TEXT = """
            model Small(x: f32[6, 5, 8]) -> (y: f32[10], z: f32[6, 5, 8]) {
                default weights: ternary(twn), activations: dynamic(4)
                inner = x |> conv(70, 3x3) |> batchnorm |> relu
                y = inner |> flatten |> dense(10, weights: int(8))
                z = inner |> conv(8, 1x1)
            }
            """;

    @Test
    void measuresAllCandidates() {
        Graph graph = Compilation.of(TernModels.bound("small.tern", TEXT, 3), List.of()).optimizedGraph();
        for (Target target : List.of(Target.PORTABLE, Target.vector(256))) {
            List<String> told = new ArrayList<>();
            List<MeasuredProduct> products = Tuner.measure(graph, target,
                    (product, done, all) -> told.add(product.layer() + " " + done + " of " + all));
            assertThat(told).containsExactly("inner.conv 1 of 3", "y.dense 2 of 3", "z.conv 3 of 3");
            for (MeasuredProduct product : products) {
                assertThat(product.times()).hasSizeGreaterThan(1)
                        .allMatch(time -> time.nanoseconds() > 0 && time.candidate().nanoseconds() > 0);
                assertThat(product.times().stream().map(MeasuredProduct.Time::candidate)
                        .map(Candidate::nanoseconds)).isSorted();
                assertThat(product.best().nanoseconds()).isLessThanOrEqualTo(product.byModel().nanoseconds());
                assertThat(product.loss()).isNotNegative();
            }
        }
    }
}
