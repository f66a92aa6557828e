package dev.tern.compiler.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.footprint.Arena;
import dev.tern.compiler.footprint.Footprint;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the networks take. */
class ZooFootprintTest {
    /** Of the most that is held at once; places begin at lines of a cache, and vectors may read past the last one. */
    private static final double MOST = 1.05;

    static List<String> names() {
        return Zoo.names();
    }

    private static Graph graph(String name) {
        Graph bound = Zoo.bound(Zoo.analyzed(name, Zoo.text(name)));
        return GraphPasses.standard().run(bound, new Diagnostics(), PassObserver.none());
    }

    private static Footprint footprint(Graph graph, Target target) {
        KernelProgram program = KernelPasses.placing(CostModel.Choice.CHEAPEST).run(Lower.lower(graph, target),
                new Diagnostics(), PassObserver.none());
        return Footprint.of(program, 0);
    }

    @ParameterizedTest
    @MethodSource("names")
    void thePlanIsCloseToWhatNoPlanCanDoWithout(String name) {
        Graph graph = graph(name);
        for (Target target : List.of(Target.EDGE, Target.PORTABLE, Target.vector(128), Target.vector(256),
                Target.vector(512))) {
            Arena arena = footprint(graph, target).arena();
            assertThat((double) arena.bytes()).as("%s for %s", name, target).isBetween((double) arena.least(),
                    MOST * arena.least());
        }
    }

    /** Sums of a convolution on 28 x 28 would be 50,176 bytes; two lines of them are 3,584. */
    @Test
    void ofWhatDigitsPoolsAStripIsInMemory() {
        assertThat(footprint(graph("digits"), Target.PORTABLE).arena().bytes()).isLessThanOrEqualTo(24 * 1024);
    }

    @Test
    void oneBitOfKeywordSpottingIsSixKilobytes() {
        assertThat(footprint(graph("kws-1bit"), Target.PORTABLE).codes()).isLessThanOrEqualTo(6 * 1024);
    }
}
