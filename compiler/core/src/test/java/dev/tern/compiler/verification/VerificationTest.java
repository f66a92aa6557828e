package dev.tern.compiler.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.formula.ElementFunction;
import dev.tern.compiler.graph.pass.GraphPass;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.kernel.Kernel;
import dev.tern.compiler.kernel.KernelProgram;
import dev.tern.compiler.kernel.Step;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.pass.KernelPass;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.pipeline.Pass;
import dev.tern.compiler.pipeline.PassPipeline;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerificationTest {
    private static final String TEXT = """
            model Two(x: f32[4]) -> (y: f32[3]) {
                default weights: ternary(twn), activations: dynamic(4)
                h = x |> dense(5) |> batchnorm |> relu
                y = h |> dense(3) |> relu
            }
            """;

    private static Verification verify(String text, PassPipeline<Graph> graphs, PassPipeline<KernelProgram> kernels) {
        Graph model = TernModels.bound("two.tern", text, 3);
        List<List<Tensor>> inputs = List.of(List.of(Tensor.of(1f, -2f, 3f, 4f)), List.of(Tensor.of(-3f, 2f, 0f, 9f)));
        return Verification.of(model, inputs, graphs, target -> kernels,
                List.of(Target.PORTABLE, Target.vector(256)));
    }

    @Test
    void everyPassAndEveryClassIsCompared() {
        Verification verification = verify(TEXT, GraphPasses.standard(), KernelPasses.standard(
                CostModel.Choice.CHEAPEST));
        assertThat(verification.difference()).isEmpty();
        assertThat(verification.inputs()).isEqualTo(2);
        assertThat(verification.checkpoints()).contains(new Checkpoint("FoldConstants", 1, ""),
                new Checkpoint("Lower", 1, "portable"), new Checkpoint("PlanArena", 1, "vector 256"),
                new Checkpoint(Checkpoint.CLASS, 1, "portable"));
        assertThat(verification.checkpoints()).endsWith(new Checkpoint(Checkpoint.CLASS, 1, "vector 256"));
    }

    /** Every relu lets a little below 0 pass. */
    private static final class LeakyRelu implements GraphPass {
        @Override
        public String summary() {
            return "a fault";
        }

        @Override
        public Graph apply(Graph graph, Diagnostics diagnostics) {
            return graph.withNodes(graph.nodes().stream().map(LeakyRelu::leaking).toList());
        }

        private static Node leaking(Node node) {
            return node.operation() instanceof Operation.Activation(ElementFunction function, var x)
                    && function.equals(ElementFunction.RELU)
                            ? new Node(node.id(), node.type(), new Operation.Clip(x, -0.25f, Float.MAX_VALUE),
                                    node.origin())
                            : node;
        }
    }

    @Test
    void aWrongPassOverTheGraphIsNamedWithTheValueThatChanged() {
        PassPipeline<Graph> standard = GraphPasses.standard();
        PassPipeline<Graph> passes = PassPipeline.over(standard.representation()).then(standard.passes().get(0))
                .then(standard.passes().get(1)).then(new LeakyRelu());
        for (Pass<Graph> pass : standard.passes()) {
            passes = passes.then(pass);
        }
        Verification verification = verify(TEXT, passes, KernelPasses.standard(CostModel.Choice.CHEAPEST));
        assertThat(verification.difference()).hasValueSatisfying(difference -> {
            assertThat(difference.at()).isEqualTo(new Checkpoint("LeakyRelu", 1, ""));
            assertThat(difference.value()).matches("the value %\\d+ of h.relu");
            assertThat(difference.describe()).matches(
                    "the value %\\d+ of h.relu\\[5]: \\d elements? differs?, the first"
                            + " is number \\d: -0.25 \\(be800000\\) in the place of 0.0 \\(0\\)");
        });
        assertThat(verification.checkpoints()).endsWith(new Checkpoint("LeakyRelu", 1, ""));
    }

    /** The same where kernels end. */
    private static final class LeakyKernels implements KernelPass {
        @Override
        public String summary() {
            return "a fault";
        }

        @Override
        public KernelProgram apply(KernelProgram program, Diagnostics diagnostics) {
            return program.withKernels(program.kernels().stream().map(LeakyKernels::leaking).toList());
        }

        private static Kernel leaking(Kernel kernel) {
            return kernel instanceof Kernel.PixelKernel pixel
                    ? pixel.withEpilogue(pixel.epilogue().stream()
                            .map(step -> step instanceof Step.Activation(ElementFunction function)
                                    && function.equals(ElementFunction.RELU)
                                            ? new Step.Clip(-0.25f, Float.MAX_VALUE)
                                            : step)
                            .toList())
                    : kernel;
        }
    }

    @Test
    void aWrongPassOverKernelsIsNamedWithTheTarget() {
        Verification verification = verify(TEXT, GraphPasses.standard(),
                KernelPasses.standard(CostModel.Choice.CHEAPEST).then(new LeakyKernels()));
        assertThat(verification.difference()).hasValueSatisfying(difference -> {
            assertThat(difference.at()).isEqualTo(new Checkpoint("LeakyKernels", 1, "portable"));
            assertThat(difference.value()).isEqualTo("the output y");
        });
    }

    @Test
    void aTargetThatTheBudgetExcludesIsLeftOut() {
        String tight = TEXT.replace("dynamic(4)\n", "dynamic(4)\n budget ram: 200 B\n");
        Verification verification = verify(tight, GraphPasses.standard(), KernelPasses.standard(
                CostModel.Choice.CHEAPEST));
        assertThat(verification.leftOut()).containsExactly(Target.vector(256));
        assertThat(verification.difference()).isEmpty();
    }
}
