package dev.tern.compiler.graph.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.kernel.cost.CostModel.Choice;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.pipeline.Pass;
import dev.tern.compiler.pipeline.PassPipeline;
import dev.tern.compiler.testing.TernModels;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the driver of passes is told of graphs. */
class GraphRepresentationTest {
    private final Graph graph = TernModels.bound("marks.tern", """
            model Marks(x: f32[4]) -> (y: f32[4]) {
                parameters "none.safetensors"

                y = x |> relu |> batchnorm
            }
            """, 3);

    @Test
    void whatAPassMadeIsMarkedAndNothingElse() {
        Graph after = PassPipeline.over(new GraphRepresentation()).then(new FoldBatchNormIntoAffine())
                .run(graph, new Diagnostics(), (_, _, _) -> {
                });
        Node affine = after.nodes().stream().filter(node -> node.operation() instanceof Operation.Affine).findFirst()
                .orElseThrow();
        assertThat(affine.origin().passes()).containsExactly("FoldBatchNormIntoAffine");
        assertThat(after.nodes().stream().filter(node -> node.operation() instanceof Operation.Activation))
                .singleElement().satisfies(relu -> assertThat(relu.origin().passes()).isEmpty());
    }

    /** A node of the same operation with another type has been changed. */
    @Test
    void anotherTypeIsAChange() {
        Graph other = graph.withNodes(graph.nodes().stream().map(node -> node.operation() instanceof Operation.Input
                ? new Node(node.id(), TensorType.f32(5), node.operation(), node.origin())
                : node).toList());
        Graph marked = new GraphRepresentation().markChanges(graph, other, "Stretch");
        assertThat(marked.nodes().stream().filter(node -> !node.origin().passes().isEmpty())).singleElement()
                .satisfies(node -> assertThat(node.operation()).isInstanceOf(Operation.Input.class));
    }

    @Test
    void aBrokenGraphIsFound() {
        List<Node> withoutInput = graph.nodes().stream()
                .filter(node -> !(node.operation() instanceof Operation.Input)).toList();
        assertThat(new GraphRepresentation().verify(graph)).isEmpty();
        assertThat(new GraphRepresentation().verify(graph.withNodes(withoutInput))).isNotEmpty();
    }

    @Test
    void everyPassSaysWhatItDoesInOneLine() {
        Stream<String> summaries = Stream.concat(GraphPasses.standard().passes().stream().map(Pass::summary),
                KernelPasses.standard(Choice.CHEAPEST).passes().stream().map(Pass::summary));
        assertThat(summaries).allSatisfy(summary -> assertThat(summary).matches("[a-z].{15,100}[^.\\n]"))
                .doesNotHaveDuplicates();
    }
}
