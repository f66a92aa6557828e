package dev.tern.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.analysis.catalogue.BudgetLimits;
import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.analysis.catalogue.OpDefinition;
import dev.tern.compiler.analysis.catalogue.OpParameter;
import dev.tern.compiler.analysis.catalogue.OpSignature;
import dev.tern.compiler.analysis.catalogue.Schemes;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.syntax.Formatter;
import dev.tern.compiler.syntax.SyntaxReader;
import dev.tern.grammar.TernLexer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The language reference, grammar/README.md, says what the compiler does. */
class LanguageReferenceTest {
    private static final Pattern EXAMPLE = Pattern.compile("```tern\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern CODE_ROW = Pattern.compile("^\\| (T\\d{4}) \\|", Pattern.MULTILINE);
    private final String reference;

    LanguageReferenceTest() throws IOException {
        reference = Files.readString(Path.of(System.getProperty("tern.root"), "grammar/README.md"));
    }

    /** Those of the reference, and of every other document. */
    @Test
    void examplesAreRightAndCanonical() throws IOException {
        Path root = Path.of(System.getProperty("tern.root"));
        List<String> examples = new ArrayList<>();
        try (Stream<Path> files = Files.find(root, 4, (path, _) -> path.toString().endsWith(".md")
                && !root.relativize(path).toString().matches("(.*/)?(target|src)/.*"))) {
            for (Path file : files.sorted().toList()) {
                EXAMPLE.matcher(Files.readString(file)).results().map(match -> match.group(1)).forEach(examples::add);
            }
        }
        assertThat(EXAMPLE.matcher(reference).results()).hasSizeGreaterThan(4);
        assertThat(examples).hasSizeGreaterThan(7);
        for (String example : examples) {
            SourceFile source = new SourceFile("README.tern", example);
            Diagnostics diagnostics = new Diagnostics();
            Analyzer.analyze(SyntaxReader.read(source, diagnostics), diagnostics);
            assertThat(DiagnosticRenderer.render(diagnostics.list())).isEmpty();
            assertThat(Formatter.format(source, Catalogue::startsLayer, diagnostics)).isEqualTo(example);
        }
    }

    @Test
    void aMessageLooksAsItIsShown() {
        Matcher shown = Pattern.compile("```text\\n(error.*?)```", Pattern.DOTALL).matcher(reference);
        assertThat(shown.find()).isTrue();
        Diagnostics diagnostics = new Diagnostics();
        Analyzer.analyze(SyntaxReader.read(new SourceFile("digits.tern", """
                model Digits(image: f32[28, 28, 1]) -> (scores: f32[10]) {
                    left   = image |> conv(8, 3x3)
                    right  = image |> conv(16, 3x3) |> maxpool(2x2)
                    scores = left + right |> flatten |> dense(10)
                }
                """), diagnostics), diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).startsWith(shown.group(1).stripTrailing() + "\n");
        assertThat(shown.find()).as("another message that is shown").isFalse();
    }

    @Test
    void everyDiagnosticIsListed() {
        assertThat(CODE_ROW.matcher(reference).results().map(match -> match.group(1)))
                .containsExactlyElementsOf(Arrays.stream(DiagnosticCode.values()).map(DiagnosticCode::id).toList());
    }

    @Test
    void everyOpIsListedWithItsArguments() {
        for (OpDefinition op : Catalogue.ops()) {
            Optional<MatchResult> row = Pattern.compile("^\\| `" + op.name() + "` \\| (.*)", Pattern.MULTILINE)
                    .matcher(reference).results().findFirst();
            assertThat(row).as("row of " + op.name()).isPresent();
            List<String> everywhere = List.of("bias", Schemes.WEIGHTS.name(), Schemes.ACTIVATIONS.name());
            List<String> arguments = op.signature().parameterNames().stream()
                    .filter(name -> !(op.weighted() && everywhere.contains(name))).toList();
            for (int i = 0; i < arguments.size(); i++) {
                String byPlace = row.get().group(1).split("\\\\\\|")[0];
                String text = i < op.signature().positional() ? byPlace : row.get().group(1);
                assertThat(text).as("arguments of " + op.name()).contains("`" + arguments.get(i) + "`");
            }
        }
    }

    /** Words that an argument may be, such as schemes and rules, with the arguments that they have themselves. */
    @Test
    void everyWordOfAnArgumentIsMentioned() {
        Set<String> words = new TreeSet<>();
        Catalogue.ops().forEach(op -> words(op.signature(), words));
        words(Schemes.DEFAULTS, words);
        words(BudgetLimits.SIGNATURE, words);
        assertThat(words).contains("ternary", "twn", "threshold", "calibrated", "bilinear", "flash");
        assertThat(words).allSatisfy(word -> assertThat(reference).containsPattern("\\b" + word + "\\b"));
    }

    private static void words(OpSignature signature, Set<String> words) {
        for (OpParameter<?> parameter : signature.parameters()) {
            words.add(parameter.name());
            parameter.kind().words().forEach(word -> {
                words.add(word.name());
                words(word, words);
            });
        }
    }

    /** Words and signs of the grammar that have one spelling. */
    @Test
    void everyWordAndSignOfTheGrammarIsMentioned() {
        List<String> literals = IntStream.rangeClosed(1, TernLexer.VOCABULARY.getMaxTokenType())
                .mapToObj(TernLexer.VOCABULARY::getLiteralName).filter(Objects::nonNull)
                .map(literal -> literal.substring(1, literal.length() - 1)).toList();
        assertThat(literals).contains("model", "over", "|>", "..");
        // In a table a bar is written with a backslash.
        String text = reference.replace("\\|", "|");
        assertThat(literals).allSatisfy(literal -> assertThat(text).contains(literal));
    }
}
