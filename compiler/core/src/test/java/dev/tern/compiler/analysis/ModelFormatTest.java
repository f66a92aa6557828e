package dev.tern.compiler.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.ModelCheck;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.interpreter.GraphInterpreter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The seam for front ends other than text. */
class ModelFormatTest {
    @TempDir
    private Path folder;

    private Path sketch(String text) throws IOException {
        return Files.writeString(folder.resolve("net.sketch"), text);
    }

    @Test
    void aForeignFileIsComputedLikeATernFile() throws IOException {
        Compilation compilation = Compilation.of(sketch("6 4"));
        float[] x = {0.5f, -1, 2, 0, 3, -0.25f};
        Tensor expected = GraphInterpreter.run(compilation.graph(), List.of(new Tensor.Floats(Shape.of(6), x)))
                .getFirst();
        assertThat(compilation.model().newSession().run(x)).isEqualTo(((Tensor.Floats) expected).values());
        assertThat(compilation.layers()).singleElement().satisfies(
                layer -> assertThat(layer.layer().path()).isEqualTo("fc1"));
    }

    @Test
    void itsGraphIsThatOfTheTextOfTheSameMeaning() throws IOException {
        AnalyzedModel text = Analyze.model("net.tern", """
                model Sketch(x: f32[6]) -> (y: f32[4]) {
                    parameters "net.npz"
                    y = x |> dense(4, weights: ternary(twn), activations: dynamic(4), bias: true) as fc1
                }
                """);
        AnalyzedModel sketch = new SketchFormat().open(sketch("6 4"), "net.sketch", new Diagnostics()).orElseThrow();
        assertThat(withoutPaths(sketch)).isEqualTo(withoutPaths(text));
    }

    private static String withoutPaths(AnalyzedModel model) {
        return GraphPrinter.print(model.graph()).replaceAll(" *//.*", "").replaceAll("\"[a-z0-9.]*\\.", "\"");
    }

    @Test
    void checkTakesItAndErrorsNameTheForeignFile() throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        assertThat(ModelCheck.check(sketch("6 4"), diagnostics)).isPresent();
        assertThat(diagnostics.list()).isEmpty();
        Path wrong = sketch("six");
        assertThatThrownBy(() -> Compilation.of(wrong)).isInstanceOf(CompilationFailedException.class)
                .hasMessageContaining("no sketch");
    }
}
