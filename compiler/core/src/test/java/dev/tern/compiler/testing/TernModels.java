package dev.tern.compiler.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.syntax.SyntaxReader;
import java.util.Random;

/** Models from text, with numbers for their parameters. */
public final class TernModels {
    private TernModels() {
    }

    /** The graph of a text without errors or warnings; its parameters are not bound. */
    public static Graph unbound(String name, String text) {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = Analyzer
                .analyze(SyntaxReader.read(new SourceFile(name, text), diagnostics), diagnostics).orElse(null);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEmpty();
        return model.graph();
    }

    /**
     * The graph of a text, its parameters bound to random numbers that tie often; variances and scales by step are
     * positive.
     */
    public static Graph bound(String name, String text, long seed) {
        RandomTensors tensors = new RandomTensors(new Random(seed));
        Graph graph = unbound(name, text);
        return graph.withNodes(graph.nodes().stream().map(node -> bound(node, tensors)).toList());
    }

    private static Node bound(Node node, RandomTensors tensors) {
        return node.operation() instanceof Operation.Parameter(String path, var _)
                ? new Node(node.id(), node.type(), new Operation.Constant(numbers(path, node.type().shape(), tensors)),
                        node.origin())
                : node;
    }

    private static Tensor numbers(String path, Shape shape, RandomTensors tensors) {
        return switch (path.substring(path.lastIndexOf('.') + 1)) {
            case "variance", "steps" -> tensors.positive(shape.elements());
            case "gamma" -> tensors.factors(shape.elements());
            default -> tensors.floats(shape);
        };
    }
}
