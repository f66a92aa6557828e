package dev.tern.compiler.kernel.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.lower.Lower;
import dev.tern.compiler.pipeline.PassObserver;
import dev.tern.compiler.pipeline.PassPipeline;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the driver of passes is told of kernel programs. */
class KernelRepresentationTest {
    private final KernelProgram program = lowered();

    private static KernelProgram lowered() {
        Graph model = TernModels.bound("marks.tern", """
                model Marks(x: f32[4]) -> (y: f32[4], z: f32[4]) {
                    y = x |> relu |> tanh
                    z = x |> softmax
                }
                """, 3);
        return Lower.lower(GraphPasses.standard().run(model, new Diagnostics(), PassObserver.none()), Target.PORTABLE);
    }

    @Test
    void whatAPassMadeIsMarkedAndNothingElse() {
        KernelProgram after = PassPipeline.over(new KernelRepresentation()).then(new FuseEpilogues()).run(program,
                new Diagnostics(), PassObserver.none());
        assertThat(program.kernels()).hasSize(3);
        assertThat(after.kernels()).hasSize(2).allSatisfy(kernel -> assertThat(kernel.origin().passes())
                .isEqualTo(kernel instanceof Kernel.Softmax ? List.of() : List.of("FuseEpilogues")));
    }

    @Test
    void aBrokenProgramIsFound() {
        assertThat(new KernelRepresentation().verify(program)).isEmpty();
        assertThat(new KernelRepresentation().verify(program.withKernels(program.kernels().subList(1, 3))))
                .isNotEmpty();
    }
}
