package dev.tern.compiler.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphVerifier;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.syntax.SyntaxReader;
import dev.tern.compiler.syntax.SyntaxTree;
import java.util.List;
import java.util.Optional;

/** Analyses texts for tests. */
final class Analyze {
    private Analyze() {
    }

    /** A model without errors or warnings, its graph verified. */
    static AnalyzedModel model(String name, String text) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<AnalyzedModel> model = read(name, text, diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEmpty();
        Graph graph = model.orElseThrow().graph();
        assertThat(GraphVerifier.verify(graph)).isEmpty();
        return model.orElseThrow();
    }

    /** The paths of a model's parameters in the order of the graph. */
    static List<String> parameters(String text) {
        return model("test.tern", text).graph().nodes().stream()
                .flatMap(n -> n.operation() instanceof Operation.Parameter parameter
                        ? Optional.of(parameter.path() + n.type().shape()).stream()
                        : Optional.<String>empty().stream())
                .toList();
    }

    /** What is said of a text, rendered. */
    static String diagnostics(String name, String text) {
        Diagnostics diagnostics = new Diagnostics();
        read(name, text, diagnostics);
        return DiagnosticRenderer.render(diagnostics.list());
    }

    private static Optional<AnalyzedModel> read(String name, String text, Diagnostics diagnostics) {
        SyntaxTree tree = SyntaxReader.read(new SourceFile(name, text), diagnostics);
        return Analyzer.analyze(tree, diagnostics);
    }
}
