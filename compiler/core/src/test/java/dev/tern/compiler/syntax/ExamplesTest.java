package dev.tern.compiler.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example files of the language, read into trees. */
class ExamplesTest {
    @ParameterizedTest
    @ValueSource(strings = {"digits", "tinymlp", "kws", "residual", "denoiser"})
    void tree(String example) throws IOException {
        String text = Files.readString(Path.of("src/test/resources/examples", example + ".tern"));
        Diagnostics diagnostics = new Diagnostics();
        SyntaxTree tree = SyntaxReader.read(new SourceFile(example + ".tern", text), diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEmpty();
        Golden.check("syntax/" + example + ".tree", TreeText.of(tree));
    }
}
