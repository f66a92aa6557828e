package dev.tern.compiler.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus of the grammar: trees of texts that are right, diagnostics and remaining trees of texts that are not. */
class CorpusTest {
    private static final Path CORPUS = Path.of(System.getProperty("tern.root"), "grammar/src/test/resources/corpus");

    static List<Path> accepted() throws IOException {
        return texts("accepted");
    }

    static List<Path> rejected() throws IOException {
        return texts("rejected");
    }

    private static List<Path> texts(String folder) throws IOException {
        try (Stream<Path> files = Files.list(CORPUS.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".tern")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource
    void accepted(Path file) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        SyntaxTree tree = read(file, diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEmpty();
        Golden.check(sibling(file, ".tree"), TreeText.of(tree));
    }

    @ParameterizedTest
    @MethodSource
    void rejected(Path file) throws IOException {
        Diagnostics diagnostics = new Diagnostics();
        SyntaxTree tree = read(file, diagnostics);
        assertThat(diagnostics.hasErrors()).isTrue();
        Golden.check(sibling(file, ".expected"), DiagnosticRenderer.render(diagnostics.list()) + "\nwhat remains:\n"
                + TreeText.of(tree) + "unread: " + tree.unread().stream().sorted().toList() + "\n");
    }

    private static SyntaxTree read(Path file, Diagnostics diagnostics) throws IOException {
        return SyntaxReader.read(new SourceFile(file.getFileName().toString(), Files.readString(file)), diagnostics);
    }

    private static Path sibling(Path file, String ending) {
        return file.resolveSibling(file.getFileName().toString().replace(".tern", ending));
    }
}
