package dev.tern.compiler.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.kernel.cost.CostModel.Candidate;
import dev.tern.compiler.kernel.cost.CostModel.Choice;
import dev.tern.compiler.kernel.cost.ProductShape;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.ChooseSchedules;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every candidate of every product is run and gets its time; what is made of the times does not depend on them. */
class TunerTest {
    private static final String TEXT = """
            model Small(x: f32[6, 4, 8]) -> (y: f32[10], z: f32[6, 4, 8], w: f32[3, 2, 6]) {
                default weights: ternary(twn), activations: dynamic(4)
                inner = x |> conv(70, 3x3) |> batchnorm |> relu
                y = inner |> flatten |> dense(10, weights: int(8))
                z = inner |> conv(8, 1x1)
                w = x |> conv(6, 3x3) |> maxpool(2x2)
            }
            """;

    @Test
    void measuresAllCandidates() {
        Graph graph = Compilation.of(TernModels.bound("small.tern", TEXT, 3), List.of()).optimizedGraph();
        for (Target target : List.of(Target.PORTABLE, Target.vector(256), Target.EDGE)) {
            Map<String, List<Candidate>> expected = new LinkedHashMap<>();
            new ChooseSchedules((layer, shape, candidates) -> {
                expected.put(layer + " " + shape, candidates);
                return Choice.CHEAPEST.of(layer, shape, candidates);
            }).apply(Lower.lower(graph, target), new Diagnostics());
            List<String> told = new ArrayList<>();
            Map<String, List<Candidate>> measured = new LinkedHashMap<>();
            // What is measured does not depend on how well.
            Tuner.measure(graph, target, (product, done, all) -> told.add(product.layer() + " " + done + " of " + all),
                    200_000).forEach(product -> measured.put(product.layer() + " " + product.shape(),
                            product.times().stream().map(MeasuredProduct.Time::candidate).toList()));
            assertThat(told).containsExactly("inner.conv 1 of 4", "y.dense 2 of 4", "z.conv 3 of 4",
                    "w.conv 4 of 4");
            assertThat(measured).isEqualTo(expected);
            assertThat(measured.values()).as("there is a choice").allMatch(candidates -> candidates.size() > 1);
        }
    }

    @Test
    void theFastestIsTheBestWhateverTheModelThinks() {
        List<Candidate> candidates = candidates();
        MeasuredProduct product = measured(candidates, 30, 20, 40);
        assertThat(product.byModel().candidate()).isEqualTo(candidates.get(0));
        assertThat(product.best()).isEqualTo(new MeasuredProduct.Time(candidates.get(1), 20, 0));
        assertThat(product.loss()).isEqualTo(0.5);
    }

    @Test
    void theFirstOfEquallyFastOnesIsTheBest() {
        MeasuredProduct product = measured(candidates(), 20, 20, 40);
        assertThat(product.best()).isSameAs(product.byModel());
        assertThat(product.loss()).isZero();
    }

    @Test
    void everyCallHasItsTurns() {
        int[] runs = new int[3];
        List<Stopwatch.Time> fastest = Stopwatch.fastest(List.of(() -> runs[0]++, () -> runs[1]++, () -> runs[2]++));
        assertThat(fastest).hasSize(3);
        // Twelve rounds to warm up and nine that count, at least.
        assertThat(runs[0]).isGreaterThanOrEqualTo(21);
        assertThat(runs[1]).isGreaterThanOrEqualTo(21);
        assertThat(runs[2]).isGreaterThanOrEqualTo(21);
    }

    private static List<Candidate> candidates() {
        List<Candidate> found = new ArrayList<>();
        Graph graph = Compilation.of(TernModels.bound("small.tern", TEXT, 3), List.of()).optimizedGraph();
        new ChooseSchedules((layer, shape, candidates) -> {
            found.addAll(candidates);
            return Choice.CHEAPEST.of(layer, shape, candidates);
        }).apply(Lower.lower(graph, Target.PORTABLE), new Diagnostics());
        return found.subList(0, 3);
    }

    private static MeasuredProduct measured(List<Candidate> candidates, double... times) {
        List<MeasuredProduct.Time> all = new ArrayList<>();
        for (int i = 0; i < times.length; i++) {
            all.add(new MeasuredProduct.Time(candidates.get(i), times[i], 0));
        }
        ProductShape shape = new ProductShape(1, 1, 1, 1, 8, 8, 1, false, 4, false, ProductShape.WeightSet.TERNARY);
        return new MeasuredProduct("layer", shape, all);
    }
}
