package dev.tern.compiler.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example files of the language, analysed into graphs and layers. */
class ExampleGraphsTest {
    @ParameterizedTest
    @ValueSource(strings = {"digits", "tinymlp", "kws", "denoiser"})
    void graph(String example) throws IOException {
        check(example, text(example));
    }

    /** The example with blocks alone, applied: once where the shortcut is the input itself, once where it is not. */
    @Test
    void residual() throws IOException {
        String blocks = text("residual");
        assertThat(Analyze.diagnostics("residual.tern", blocks)).isEmpty();
        check("residual", blocks + """
                model Two(image: f32[8, 8, 16]) -> (features: f32[4, 4, 32]) {
                    default weights: binary, activations: dynamic(2)
                    features = image |> Residual(16) |> Residual(32, stride: 2)
                }
                """);
    }

    private static String text(String example) throws IOException {
        return Files.readString(Path.of("src/test/resources/examples", example + ".tern"));
    }

    private static void check(String example, String text) {
        AnalyzedModel model = Analyze.model(example + ".tern", text);
        StringBuilder out = new StringBuilder(GraphPrinter.print(model.graph()));
        for (Layer layer : model.layers()) {
            out.append(String.format("%-28s %-10s %-22s %-22s %s%n", layer.path(), layer.op(),
                    layer.weights().orElse("-"), layer.activations().orElse("-"), layer.output()));
        }
        Golden.check("analysis/" + example + ".graph", out.toString());
    }
}
