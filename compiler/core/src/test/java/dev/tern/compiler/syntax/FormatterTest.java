package dev.tern.compiler.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.zoo.Zoo;
import dev.tern.compiler.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatterTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root"));
    private static final Path ACCEPTED = ROOT.resolve("grammar/src/test/resources/corpus/accepted");
    private static final Path FORMATTER = Path.of("src/test/resources/formatter");
    private static final Pattern COMMENT = Pattern.compile("//+\\s*([^\\r\\n]*)");

    static String format(String text) {
        Diagnostics diagnostics = new Diagnostics();
        String formatted = Formatter.format(new SourceFile("a.tern", text), Catalogue::startsLayer, diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEmpty();
        return formatted;
    }

    private static String tree(String text) {
        Diagnostics diagnostics = new Diagnostics();
        SyntaxTree tree = SyntaxReader.read(new SourceFile("a.tern", text), diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).isEmpty();
        return TreeText.of(tree);
    }

    @Test
    void scalesAndZeroPointsStandInAPlace() {
        String text = "model M(x: f32[4]) -> (y: f32[2]) {\n"
                + "    y = x |> dense(2, activations: static(8, scale: 0.3367, zero: -3, unsigned: false))\n}\n";
        assertThat(format(text.replace("(8, scale: 0.3367, zero: -3, ", "( 8,scale:0.3367 ,zero: - 3,\n  "))).isEqualTo(
                text);
    }

    /** What comments say, in no order: a comment may move over a line of code, never get lost. */
    static List<String> comments(String text) {
        return COMMENT.matcher(text.replaceAll("\"(\\\\.|[^\"\\\\\\r\\n])*\"", "")).results()
                .map(match -> match.group(1).strip()).filter(comment -> !comment.isEmpty()).sorted().toList();
    }

    static void assertFaithful(String text, String formatted) {
        assertThat(tree(formatted)).isEqualTo(tree(text));
        assertThat(comments(formatted)).isEqualTo(comments(text));
        assertThat(format(formatted)).as("formatted twice").isEqualTo(formatted);
        assertThat(formatted.lines()).noneMatch(line -> line.endsWith(" "));
    }

    private static List<Path> texts(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".tern")).sorted().toList();
        }
    }

    static List<Path> corpus() throws IOException {
        return texts(ACCEPTED);
    }

    static List<Path> layouts() throws IOException {
        return texts(FORMATTER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"digits", "tinymlp", "kws", "residual", "denoiser"})
    void examplesAreCanonical(String example) throws IOException {
        String text = Files.readString(Path.of("src/test/resources/examples", example + ".tern"));
        assertThat(format(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @MethodSource
    void modelsAreCanonical(String model) {
        assertThat(format(Zoo.text(model))).isEqualTo(Zoo.text(model));
    }

    static Stream<String> modelsAreCanonical() {
        return Stream.concat(Stream.of("digits", "tinymlp"), Zoo.names().stream());
    }

    @ParameterizedTest
    @MethodSource
    void corpus(Path file) throws IOException {
        String text = Files.readString(file);
        assertFaithful(text, format(text));
    }

    @ParameterizedTest
    @MethodSource
    void layouts(Path file) throws IOException {
        String text = Files.readString(file);
        String formatted = format(text);
        Golden.check(file.resolveSibling(file.getFileName().toString().replace(".tern", ".formatted")), formatted);
        assertFaithful(text, formatted);
    }

    /** However the lines of a text without comments are broken, the layout comes out the same. */
    @ParameterizedTest
    @ValueSource(strings = {"digits", "tinymlp", "kws", "residual", "denoiser"})
    void layoutDoesNotDependOnLineBreaks(String example) throws IOException {
        String text = Files.readString(Path.of("src/test/resources/examples", example + ".tern"));
        String broken = text.lines().map(line -> line.startsWith("///") ? line : line.strip().replaceAll(" +", "\n"))
                .collect(Collectors.joining("\n"));
        assertThat(format(broken)).isEqualTo(text);
    }

    @Test
    void aTextWithErrorsStaysAsItIs() {
        String text = "model  M(x: f32[1]) -> (y: f32[1]) { y = (x }";
        Diagnostics diagnostics = new Diagnostics();
        assertThat(Formatter.format(new SourceFile("a.tern", text), Catalogue::startsLayer, diagnostics)).isEqualTo(
                text);
        assertThat(diagnostics.hasErrors()).isTrue();
    }
}
