package dev.tern.compiler.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import org.junit.jupiter.api.Test;

/** A layer is timed alone: its kernels and no others, on real numbers where it reads those of a layer before. */
class LayerProgramTest {
    @Test
    void whatALayerReadsOfTheOneBeforeIsAnInput() {
        Graph graph = TernModels.bound("net.tern", """
                model Net(x: f32[96]) -> (y: f32[10]) {
                    default weights: ternary(twn), activations: dynamic(4)
                    a = x |> dense(80)
                    b = a |> dense(70)
                    y = b |> dense(10)
                }
                """, 3);
        for (Target target : new Target[]{Target.PORTABLE, Target.vector(256)}) {
            KernelProgram program = KernelPasses.standard(CostModel.Choice.CHEAPEST).run(Lower.lower(GraphPasses
                    .standard().run(graph, new Diagnostics(), PassObserver.none()), target), new Diagnostics(),
                    PassObserver.none());
            KernelProgram alone = LayerProgram.of(program, "b.dense");
            assertThat(alone.kernels()).isNotEmpty().extracting(Kernel::origin).allMatch(origin -> origin.path().equals(
                    "b.dense"));
            assertThat(alone.inputs()).extracting(port -> port.shape().elements()).containsExactly(96, 80);
        }
    }
}
