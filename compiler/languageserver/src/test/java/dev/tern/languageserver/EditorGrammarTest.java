package dev.tern.languageserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.secondsun.tm4e.core.grammar.IGrammar;
import dev.secondsun.tm4e.core.grammar.IToken;
import dev.secondsun.tm4e.core.grammar.ITokenizeLineResult;
import dev.secondsun.tm4e.core.grammar.StackElement;
import dev.secondsun.tm4e.core.registry.Registry;
import dev.tern.compiler.analysis.catalogue.Catalogue;
import dev.tern.compiler.analysis.catalogue.OpDefinition;
import dev.tern.compiler.analysis.catalogue.OpParameter;
import dev.tern.compiler.analysis.catalogue.OpSignature;
import dev.tern.compiler.analysis.catalogue.Schemes;
import dev.tern.compiler.syntax.TextStream;
import dev.tern.grammar.TernLexer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.antlr.v4.runtime.Token;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The TextMate grammar for editors, run by an engine for such grammars over every Tern text of the project, and held to
 * the lexer and the catalogue of ops: no word of the language is missing from it and none is left over.
 */
class EditorGrammarTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root")).toAbsolutePath();
    private static final Path GRAMMAR = ROOT.resolve("grammar/editors/vscode/syntaxes/tern.tmLanguage.json");

    /** The scopes of each {@code char} of a text, the most special last. */
    private static List<List<String>> scopes(String text) throws Exception {
        IGrammar grammar;
        try (var in = Files.newInputStream(GRAMMAR)) {
            grammar = new Registry().loadGrammarFromPathSync("tern.tmLanguage.json", in);
        }
        List<List<String>> scopes = new ArrayList<>();
        StackElement state = null;
        for (String line : text.split("(?<=\n)", -1)) {
            String body = line.replaceFirst("\\R$", "");
            ITokenizeLineResult result = grammar.tokenizeLine(body, state);
            state = result.getRuleStack();
            int from = scopes.size();
            for (IToken token : result.getTokens()) {
                for (int i = token.getStartIndex(); i < Math.min(token.getEndIndex(), body.length()); i++) {
                    assertThat(scopes).hasSize(from + i);
                    scopes.add(token.getScopes());
                }
            }
            while (scopes.size() < from + line.length()) {
                scopes.add(List.of());
            }
        }
        return scopes;
    }

    private static List<Token> tokens(String text) {
        TernLexer lexer = new TernLexer(new TextStream("test", text));
        lexer.removeErrorListeners();
        return new ArrayList<>(lexer.getAllTokens());
    }

    /** What a token must be coloured as: its scope begins with one of these. */
    private static List<String> expected(Token token) {
        return switch (token.getType()) {
            case TernLexer.IF, TernLexer.AS -> List.of("keyword.control");
            case TernLexer.AND, TernLexer.OR, TernLexer.NOT -> List.of("keyword.operator.logical");
            case TernLexer.TRUE, TernLexer.FALSE -> List.of("constant.language");
            case TernLexer.INTEGER -> List.of("constant.numeric.integer");
            case TernLexer.DECIMAL -> List.of("constant.numeric.decimal");
            case TernLexer.SIZE -> List.of("constant.numeric.size");
            case TernLexer.STRING -> List.of("string.quoted");
            case TernLexer.DOCUMENTATION -> List.of("comment.line.documentation", "punctuation.definition.comment");
            case TernLexer.COMMENT -> List.of("comment.line.double-slash", "punctuation.definition.comment");
            case TernLexer.UNDERSCORE -> List.of("variable.language");
            case TernLexer.PIPE -> List.of("keyword.operator.pipe");
            case TernLexer.RANGE -> List.of("keyword.operator.range");
            case TernLexer.ARROW -> List.of("keyword.operator.arrow");
            case TernLexer.EQUAL, TernLexer.NOT_EQUAL, TernLexer.LESS, TernLexer.LESS_EQUAL, TernLexer.GREATER,
                    TernLexer.GREATER_EQUAL ->
                List.of("keyword.operator.comparison");
            case TernLexer.PLUS, TernLexer.MINUS, TernLexer.STAR, TernLexer.SLASH -> List.of(
                    "keyword.operator.arithmetic");
            case TernLexer.ASSIGN -> List.of("keyword.operator.assignment");
            case TernLexer.COMMA, TernLexer.COLON, TernLexer.LPAREN, TernLexer.RPAREN, TernLexer.LBRACKET,
                    TernLexer.RBRACKET, TernLexer.LBRACE, TernLexer.RBRACE ->
                List.of("punctuation");
            default -> List.of("variable", "entity.name", "support", "storage.type", "keyword.other");
        };
    }

    private static void check(String name, String text) throws Exception {
        List<List<String>> scopes = scopes(text);
        Token before = null;
        for (Token token : tokens(text)) {
            List<String> here = scopes.get(token.getStartIndex());
            String where = name + ": `" + token.getText() + "` in line " + token.getLine() + " is " + here;
            assertThat(here).as(where).contains("source.tern");
            assertThat(expected(token)).as(where).anyMatch(scope -> here.getLast().startsWith(scope)
                    || here.size() > 1 && here.get(1).startsWith(scope));
            assertThat(here).as(where).noneMatch(scope -> scope.startsWith("invalid"));
            if (before != null && before.getType() == TernLexer.PIPE && Catalogue.find(token.getText()).isPresent()) {
                assertThat(here.getLast()).as(where).isEqualTo("support.function.tern");
            }
            // No token of the language is cut in two, but strings by their escapes.
            boolean whole = token.getType() == TernLexer.STRING
                    || token.getChannel() != Token.DEFAULT_CHANNEL
                    || IntStream.rangeClosed(token.getStartIndex(), token.getStopIndex())
                            .allMatch(i -> scopes.get(i).equals(here));
            assertThat(whole).as(where + ", and not all of it").isTrue();
            before = token;
        }
    }

    @TestFactory
    Stream<DynamicTest> everyTextOfTheProject() throws IOException {
        List<Path> texts;
        try (Stream<Path> files = Stream.of("models", "grammar/src", "compiler", "runtime", "benchmarks/src")
                .map(ROOT::resolve).flatMap(EditorGrammarTest::texts)) {
            texts = files.filter(file -> !file.toString().contains("/rejected/")).sorted().toList();
        }
        assertThat(texts).hasSizeGreaterThan(100);
        return texts.stream().map(file -> DynamicTest.dynamicTest(ROOT.relativize(file).toString(),
                () -> check(file.toString(), Files.readString(file))));
    }

    private static Stream<Path> texts(Path folder) {
        try {
            return Files.walk(folder).filter(file -> file.toString().endsWith(".tern"))
                    .filter(file -> !file.toString().contains("/target/"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Words and signs with one spelling: none is coloured as nothing. */
    @Test
    void everyWordAndSignOfTheLexer() throws Exception {
        for (int type = 1; type <= TernLexer.VOCABULARY.getMaxTokenType(); type++) {
            String literal = TernLexer.VOCABULARY.getLiteralName(type);
            if (literal != null) {
                check("the lexer", literal.substring(1, literal.length() - 1) + "\n");
            }
        }
    }

    @Test
    void statementsAreKeywords() throws Exception {
        String text = """
                /// Documented.
                model M(default: f32[4] over 2) -> (y: f32[2]) {
                    parameters "m.safetensors" layout: pytorch map "a" to "b"
                    default weights: ternary(twn, scale: group(4)), activations: dynamic(4)
                    budget flash: 40 KiB
                    labels y: "a\\n", "b"
                    y = default |> dense(2) as last |> softmax
                }
                """;
        check("statements", text);
        List<List<String>> scopes = scopes(text);
        for (String word : List.of("parameters", "layout", "map", "to ", "budget", "labels", "default weights")) {
            assertThat(scopes.get(text.indexOf(word)).getLast()).as(word).startsWith("keyword.other");
        }
        assertThat(scopes.get(text.indexOf("default:")).getLast()).isEqualTo("variable.parameter.tern");
        assertThat(scopes.get(text.indexOf("over")).getLast()).isEqualTo("keyword.other.tern");
        assertThat(scopes.get(text.indexOf("KiB")).getLast()).isEqualTo("keyword.other.unit.tern");
        assertThat(scopes.get(text.indexOf("\\n")).getLast()).isEqualTo("constant.character.escape.tern");
        for (String word : List.of("ternary", "twn", "group", "dynamic")) {
            assertThat(scopes.get(text.indexOf(word)).getLast()).as(word).isEqualTo("support.constant.scheme.tern");
        }
        assertThat(scopes.get(text.indexOf("dense")).getLast()).isEqualTo("support.function.tern");
        assertThat(scopes.get(text.indexOf("last")).getLast()).isEqualTo("entity.name.label.tern");
    }

    @Test
    void theListsOfWordsAreTheCompilers() throws IOException {
        JsonObject rules = JsonParser.parseString(Files.readString(GRAMMAR)).getAsJsonObject()
                .getAsJsonObject("repository");
        assertThat(rules.getAsJsonObject("op").get("match").getAsString())
                .contains("(" + String.join("|", new TreeSet<>(Catalogue.names())) + ")");
        for (JsonElement block : rules.getAsJsonObject("block").getAsJsonArray("patterns")) {
            assertThat(block.getAsJsonObject().get("match").getAsString())
                    .contains(String.join("|", new TreeSet<>(Catalogue.names())));
        }
        TreeSet<String> choices = new TreeSet<>();
        Catalogue.ops().stream().map(OpDefinition::signature).forEach(signature -> add(signature, choices));
        add(Schemes.DEFAULTS, choices);
        choices.removeAll(List.of("true", "false"));
        assertThat(rules.getAsJsonObject("choice").get("match").getAsString())
                .contains("(" + String.join("|", choices) + ")");
    }

    private static void add(OpSignature signature, TreeSet<String> words) {
        for (OpParameter<?> parameter : signature.parameters()) {
            parameter.kind().words().forEach(word -> {
                words.add(word.name());
                add(word, words);
            });
        }
    }

    /** What the extension names is there, under the ending that files have. */
    @Test
    void theExtensionIsWhole() throws IOException {
        Path folder = ROOT.resolve("grammar/editors/vscode");
        JsonObject manifest = JsonParser.parseString(Files.readString(folder.resolve("package.json")))
                .getAsJsonObject();
        JsonObject contributed = manifest.getAsJsonObject("contributes");
        JsonObject language = contributed.getAsJsonArray("languages").get(0).getAsJsonObject();
        assertThat(language.getAsJsonArray("extensions").get(0).getAsString()).isEqualTo(".tern");
        JsonObject grammar = contributed.getAsJsonArray("grammars").get(0).getAsJsonObject();
        assertThat(grammar.get("language")).isEqualTo(language.get("id"));
        assertThat(folder.resolve(grammar.get("path").getAsString()).normalize()).isEqualTo(GRAMMAR);
        assertThat(folder.resolve(manifest.get("main").getAsString())).isRegularFile();
        JsonParser.parseString(Files.readString(folder.resolve(language.get("configuration").getAsString())));
    }
}
