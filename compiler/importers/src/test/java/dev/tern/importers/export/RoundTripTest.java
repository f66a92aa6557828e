package dev.tern.importers.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.parameters.ParameterBinder;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is read back to the same bits. */
class RoundTripTest {
    private static final List<ExportOptions> WAYS = List.of(ExportOptions.DEFAULT,
            new ExportOptions(21, false, true), new ExportOptions(25, true, false),
            new ExportOptions(25, false, false, true));

    @TempDir
    private Path folder;

    static Stream<Path> models() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(System.getProperty("tern.root"), "models"))) {
            return files.filter(file -> file.toString().endsWith(".tern")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyExampleComesBack(Path file) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(file, diagnostics);
        Graph graph = ParameterBinder.bind(model.graph(), new MadeUpNumbers(model.graph(), 5), diagnostics)
                .orElseThrow();
        boolean large = model.graph().nodes().stream().mapToLong(node -> node.type().shape().elements())
                .sum() > 200_000;
        for (ExportOptions options : large ? WAYS.subList(0, 1) : WAYS) {
            assertThat(RoundTrip.difference(graph, options, folder, large ? 1 : 3)).as(options.toString()).isEmpty();
        }
    }

    /** What a model says to people goes out and comes back, the line of an earlier import but once. */
    @Test
    void labelsAndDocumentationComeBack() throws IOException {
        Graph graph = RoundTrip.graph("""
                /// Tells animals apart.
                /// By their ears.
                model Animals(x: f32[4]) -> (scores: f32[3], best: i32) {
                    scores = x |> dense(3)
                    best = scores |> argmax
                    labels scores: "cat", "dog, small", "Ämse"
                    labels best: "cat", "dog, small", "Ämse"
                }
                """, 3).orElseThrow();
        String first = RoundTrip.text(graph, ExportOptions.DEFAULT, folder);
        assertThat(first).contains("""
                /// Tells animals apart.
                /// By their ears.
                /// From model.onnx: ONNX, opset 25, by Tern.
                model Model""", "labels scores: \"cat\", \"dog, small\", \"Ämse\"", "labels best: \"cat\"");
        assertThat(RoundTrip.text(RoundTrip.graph(first, 3).orElseThrow(), ExportOptions.DEFAULT, folder))
                .isEqualTo(first);
    }

    /** The layer pads, as it did before. */
    @Test
    void signsArePaddedByTheirLayer() throws IOException {
        Graph graph = RoundTrip.graph("""
                model Signs(x: f32[6, 6, 4]) -> (y: f32[3, 3, 5]) {
                    y = x |> conv(5, 3x3, stride: 2, pad: same(+1), weights: binary, activations: sign)
                }
                """, 3).orElseThrow();
        for (ExportOptions options : WAYS) {
            assertThat(RoundTrip.text(graph, options, folder)).contains("pad: same(+1)").doesNotContain("pad(");
        }
    }
}
