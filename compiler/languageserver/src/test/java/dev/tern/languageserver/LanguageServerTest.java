package dev.tern.languageserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DiagnosticSeverity;
import org.eclipse.lsp4j.DidCloseTextDocumentParams;
import org.eclipse.lsp4j.DidSaveTextDocumentParams;
import org.eclipse.lsp4j.DocumentFormattingParams;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.DocumentSymbolParams;
import org.eclipse.lsp4j.FormattingOptions;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.TextDocumentIdentifier;
import org.eclipse.lsp4j.TextEdit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as an editor meets it. */
class LanguageServerTest {
    private static final String UNSAVED = "untitled:Untitled-1";
    private static final String DIGITS = """
            /// Reads digits.
            model Digits(image: f32[28, 28, 1]) -> (scores: f32[10]) {
                default weights: ternary(twn), activations: dynamic(4)

                stem   = image |> conv(16, 3x3, weights: int(8), activations: static(8, 0..1)) |> relu |> maxpool(2x2)
                // Two of one kind.
                body   = stem  |> repeat(2, Separable(32))
                scores = body  |> flatten |> dense(10)
            }

            /// Depthwise, then pointwise.
            block Separable(x: f32[h, w, c], channels: int) -> (y: f32[h, w, channels]) {
                y = x |> depthwise(3x3) |> relu |> conv(channels, 1x1) as pw
            }
            """;

    @TempDir
    private Path folder;
    private Editor editor;

    @BeforeEach
    void start() throws Exception {
        editor = new Editor();
    }

    @AfterEach
    void end() throws Exception {
        editor.close();
        assertThat(editor.logged).isEmpty();
    }

    /** The place of the {@code ¦} in a text. */
    private static Position place(String marked) {
        String before = marked.substring(0, marked.indexOf('¦'));
        return new Position((int) before.lines().count() - (before.endsWith("\n") ? 0 : 1),
                before.length() - before.lastIndexOf('\n') - 1);
    }

    private static Position in(String text, String word) {
        return place(text.replaceFirst("\\Q" + word + "\\E", "¦" + Matcher.quoteReplacement(word)));
    }

    private List<String> completions(String marked) throws Exception {
        editor.open(UNSAVED, marked.replace("¦", ""));
        return editor.complete(UNSAVED, place(marked)).stream().map(CompletionItem::getLabel).toList();
    }

    private static String text(Diagnostic diagnostic) {
        return diagnostic.getMessage().getLeft();
    }

    @Test
    void theServerSaysWhatItCan() throws Exception {
        var can = editor.capabilities.getCapabilities();
        assertThat(can.getHoverProvider().getLeft()).isTrue();
        assertThat(can.getDocumentFormattingProvider().getLeft()).isTrue();
        assertThat(can.getDocumentSymbolProvider().getLeft()).isTrue();
        assertThat(can.getCompletionProvider()).isNotNull();
        assertThat(editor.leave(true)).isTrue();
    }

    @Test
    void anEditorThatIsGoneEndsTheServer() throws Exception {
        assertThat(editor.leave(false)).isFalse();
    }

    @Test
    void diagnosticsComeAsTheTextChanges() throws Exception {
        editor.open(UNSAVED, DIGITS);
        assertThat(editor.diagnostics(UNSAVED, 1).getDiagnostics()).isEmpty();
        String wrong = DIGITS.replace("flatten", "flaten");
        editor.change(UNSAVED, 2, wrong);
        Diagnostic unknown = editor.diagnostics(UNSAVED, 2).getDiagnostics().getFirst();
        Position at = in(wrong, "flaten");
        assertThat(unknown.getCode().getLeft()).isEqualTo("T0103");
        assertThat(unknown.getSeverity()).isEqualTo(DiagnosticSeverity.Error);
        assertThat(unknown.getRange())
                .isEqualTo(new Range(at, new Position(at.getLine(), at.getCharacter() + "flaten".length())));
        assertThat(text(unknown)).contains("flaten").contains("help: did you mean `flatten`?");
        editor.change(UNSAVED, 3, DIGITS);
        assertThat(editor.diagnostics(UNSAVED, 3).getDiagnostics()).isEmpty();
    }

    @Test
    void otherPlacesThatMatterGoAlong() throws Exception {
        String text = """
                model M(x: f32[4], z: f32[3]) -> (y: f32[4]) {
                    y = x + z
                }
                """;
        editor.open(UNSAVED, text);
        Diagnostic shapes = editor.diagnostics(UNSAVED, 1).getDiagnostics().getFirst();
        assertThat(shapes.getCode().getLeft()).isEqualTo("T0301");
        assertThat(shapes.getRelatedInformation()).extracting(i -> i.getMessage(), i -> i.getLocation().getRange()
                .getStart()).containsExactly(Tuple.tuple("this is f32[4]", new Position(1, 8)), Tuple.tuple(
                        "this is f32[3]", new Position(1, 12)));
    }

    /** What check says of the parameters, but of the editor's text and not of the file's. */
    @Test
    void parametersAreCheckedForTheTextInTheEditor() throws Exception {
        Path digits = Path.of(System.getProperty("tern.root"), "models/digits");
        try (Stream<Path> files = Files.list(digits)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Path file = folder.resolve("digits.tern");
        String uri = file.toUri().toString();
        String text = Files.readString(file);
        Files.writeString(file, "this is not what the editor shows");
        editor.open(uri, text);
        assertThat(editor.diagnostics(uri, 1).getDiagnostics()).isEmpty();
        String wider = text.replace("conv(32, 3x3)", "conv(48, 3x3)");
        editor.change(uri, 2, wider);
        List<Diagnostic> found = editor.diagnostics(uri, 2).getDiagnostics();
        assertThat(found).isNotEmpty().extracting(d -> d.getCode().getLeft()).contains("T0505");
        // Shown where the text names the file that it is about.
        assertThat(found.getFirst().getRange().getStart()).isEqualTo(in(wider, "\"digits.safetensors\""));
        assertThat(text(found.getFirst())).contains("digits.safetensors");
        Files.delete(folder.resolve("digits.safetensors"));
        editor.change(uri, 3, text);
        Diagnostic absent = editor.diagnostics(uri, 3).getDiagnostics().getFirst();
        assertThat(absent.getCode().getLeft()).isEqualTo("T0501");
        assertThat(absent.getSeverity()).isEqualTo(DiagnosticSeverity.Warning);
        Files.copy(digits.resolve("digits.safetensors"), folder.resolve("digits.safetensors"));
        editor.server.getTextDocumentService()
                .didSave(new DidSaveTextDocumentParams(new TextDocumentIdentifier(uri)));
        assertThat(editor.diagnostics(uri, 3).getDiagnostics()).isEmpty();
    }

    @Test
    void hoverShowsShapesAndSchemes() throws Exception {
        editor.open(UNSAVED, DIGITS);
        assertThat(editor.hover(UNSAVED, in(DIGITS, "stem "))).contains("stem: f32[14, 14, 16]");
        assertThat(editor.hover(UNSAVED, in(DIGITS, "image |>"))).contains("image: f32[28, 28, 1]");
        assertThat(editor.hover(UNSAVED, in(DIGITS, "conv(16")))
                .contains("gives `f32[28, 28, 16]`, weights `int(8)`, activations `static(8")
                .contains("conv(channels, kernel, stride: ...");
        assertThat(editor.hover(UNSAVED, in(DIGITS, "dense(10)")))
                .contains("weights `ternary(twn)`, activations `dynamic(4");
        // In a block that is applied twice, to two shapes.
        assertThat(editor.hover(UNSAVED, in(DIGITS, "depthwise"))).contains("`f32[14, 14, 16]`")
                .contains("`f32[14, 14, 32]`");
        assertThat(editor.hover(UNSAVED, in(DIGITS, "x |> depth")))
                .contains("x: f32[14, 14, 16] or f32[14, 14, 32]");
        assertThat(editor.hover(UNSAVED, in(DIGITS, "channels: int"))).contains("channels: the number 32");
        assertThat(editor.hover(UNSAVED, in(DIGITS, "Separable(32)")))
                .contains("block Separable(x: f32[h, w, c], channels: int) -> (y: f32[h, w, channels])")
                .contains("Depthwise, then pointwise.");
        assertThat(editor.hover(UNSAVED, in(DIGITS, "ternary"))).contains("ternary(rule, p").contains("threshold");
        assertThat(editor.hover(UNSAVED, in(DIGITS, "activations: static"))).contains("how the input becomes codes")
                .contains("tdq(bits");
        assertThat(editor.hover(UNSAVED, in(DIGITS, "Two of"))).isEmpty();
        assertThat(editor.hover(UNSAVED, in(DIGITS, "16, 3x3"))).isEmpty();
    }

    @Test
    void hoverWorksBesideAnError() throws Exception {
        String wrong = DIGITS.replace("dense(10)", "dense(");
        editor.open(UNSAVED, wrong);
        assertThat(editor.hover(UNSAVED, in(wrong, "stem "))).contains("stem: f32[14, 14, 16]");
        assertThat(editor.hover(UNSAVED, in(wrong, "dense"))).contains("dense(features");
    }

    @Test
    void completionKnowsItsPlace() throws Exception {
        String start = "model M(image: f32[8, 8, 3]) -> (y: f32[4]) {\n    first = image |> relu\n";
        assertThat(completions("¦")).containsExactly("model", "block");
        assertThat(completions(start + "    ¦")).containsExactly("parameters", "default", "budget", "labels");
        assertThat(completions(start + "    y = first |> ¦")).contains("conv", "dense", "relu", "first")
                .doesNotContain("parameters", "stride");
        assertThat(completions(start + "    y = first |> co¦\n}")).startsWith("dense", "conv");
        assertThat(completions(start + "    y = first |> conv(4, 3x3, ¦)")).startsWith("stride", "pad", "dilation")
                .contains("first").doesNotContain("parameters", "kernel", "y");
        assertThat(completions(start + "    y = conv(first, 4, ¦)")).startsWith("kernel", "stride");
        assertThat(completions(start + "    y = first |> conv(4, 3x3, stride: 2, ¦)\n}")).contains("pad")
                .doesNotContain("stride");
        assertThat(completions(start + "    y = first |> conv(4, 3x3, pad: ¦)")).startsWith("same", "valid");
        assertThat(completions(start + "    y = first |> conv(4, 3x3, weights: ¦)"))
                .containsExactly("binary", "ternary", "int", "float");
        assertThat(completions(start + "    y = first |> conv(4, 3x3, weights: ternary(¦))"))
                .startsWith("absmean", "ttq", "twn").contains("threshold", "scale");
        assertThat(completions(start + "    y = first |> conv(4, 3x3, weights: ternary(twn, scale: ¦"))
                .containsExactly("channel", "tensor", "none", "group");
        assertThat(completions(start + "    y = conv(first, 4, 3x3, bias: ¦")).startsWith("true", "false");
        assertThat(completions(start + "    default ¦")).contains("weights", "activations");
        assertThat(completions(start + "    default weights: ¦")).startsWith("binary", "ternary");
        assertThat(completions(start + "    default weights: binary, activations: dynamic(4, ¦"))
                .startsWith("absmax", "minmax");
        assertThat(completions(start + "    budget ¦")).contains("flash", "ram");
        assertThat(completions(start + "    y = 2 * ¦")).startsWith("image", "first");
        assertThat(completions(start + "    // a comm¦ent")).isEmpty();
        assertThat(completions(start + "    parameters \"a¦\"")).isEmpty();
    }

    @Test
    void completionKnowsBlocksAndReplacesTheWord() throws Exception {
        String marked = DIGITS.replace("repeat(2, Separable(32))", "Sepa¦(32)");
        editor.open(UNSAVED, marked.replace("¦", ""));
        CompletionItem block = editor.complete(UNSAVED, place(marked)).stream()
                .filter(item -> item.getLabel().equals("Separable")).findFirst().orElseThrow();
        assertThat(block.getDetail()).startsWith("block Separable(x: f32[h, w, c], channels: int)");
        Position end = place(marked);
        assertThat(block.getTextEdit().getLeft()).isEqualTo(new TextEdit(
                new Range(new Position(end.getLine(), end.getCharacter() - 4), end), "Separable"));
        String argument = DIGITS.replace("Separable(32)", "Separable(¦)");
        assertThat(completions(argument)).startsWith("channels");
    }

    @Test
    void formattingIsThatOfFmt() throws Exception {
        DocumentFormattingParams ask = new DocumentFormattingParams(new TextDocumentIdentifier(UNSAVED),
                new FormattingOptions(8, false));
        editor.open(UNSAVED, DIGITS);
        assertThat(Editor.get(editor.server.getTextDocumentService().formatting(ask))).isEmpty();
        editor.change(UNSAVED, 2, DIGITS.replace("    ", " ").replace("stem   =", "stem="));
        List<? extends TextEdit> edits = Editor.get(editor.server.getTextDocumentService().formatting(ask));
        assertThat(edits).hasSize(1);
        assertThat(edits.getFirst().getNewText()).isEqualTo(DIGITS);
        assertThat(edits.getFirst().getRange())
                .isEqualTo(new Range(new Position(0, 0), new Position((int) DIGITS.lines().count(), 0)));
        editor.change(UNSAVED, 3, "model M( {");
        assertThat(Editor.get(editor.server.getTextDocumentService().formatting(ask))).isEmpty();
    }

    @Test
    void theOutlineHasModelsBlocksAndNames() throws Exception {
        editor.open(UNSAVED, DIGITS);
        List<DocumentSymbol> symbols = Editor.get(editor.server.getTextDocumentService()
                .documentSymbol(new DocumentSymbolParams(new TextDocumentIdentifier(UNSAVED)))).stream()
                .map(either -> either.getRight()).toList();
        assertThat(symbols).extracting(DocumentSymbol::getName).containsExactly("Digits", "Separable");
        assertThat(symbols.getFirst().getChildren()).extracting(DocumentSymbol::getName, DocumentSymbol::getDetail)
                .containsExactly(Tuple.tuple("image", "f32[28, 28, 1]"), Tuple.tuple("stem", "f32[14, 14, 16]"),
                        Tuple.tuple("body", "f32[14, 14, 32]"), Tuple.tuple("scores", "f32[10]"));
        assertThat(symbols).allSatisfy(symbol -> assertThat(symbol.getRange().getEnd().getLine())
                .isGreaterThan(symbol.getSelectionRange().getEnd().getLine()));
    }

    @Test
    void placesOutsideOfTheTextAreAnswered() throws Exception {
        editor.open(UNSAVED, "model é🙂\r\nx");
        for (int line : new int[]{-1, 0, 1, 2, Integer.MAX_VALUE}) {
            for (int column : new int[]{-1, 0, 3, 9, Integer.MAX_VALUE}) {
                assertThat(editor.hover(UNSAVED, new Position(line, column))).isEmpty();
                editor.complete(UNSAVED, new Position(line, column));
            }
        }
        assertThat(editor.diagnostics(UNSAVED, 1).getDiagnostics()).isNotEmpty();
    }

    @Test
    void documentsThatAreNotOpenAreAnswered() throws Exception {
        TextDocumentIdentifier unknown = new TextDocumentIdentifier("file:///nowhere/at/all.tern");
        editor.change(unknown.getUri(), 2, "model");
        editor.server.getTextDocumentService().didClose(new DidCloseTextDocumentParams(unknown));
        editor.server.getTextDocumentService().didSave(new DidSaveTextDocumentParams(unknown));
        assertThat(editor.hover(unknown.getUri(), new Position(0, 0))).isEmpty();
        assertThat(editor.complete(unknown.getUri(), new Position(0, 0))).isEmpty();
        assertThat(Editor.get(editor.server.getTextDocumentService()
                .formatting(new DocumentFormattingParams(unknown, new FormattingOptions())))).isEmpty();
        assertThat(Editor.get(editor.server.getTextDocumentService()
                .documentSymbol(new DocumentSymbolParams(unknown)))).isEmpty();
        assertThat(editor.published).isEmpty();
    }

    /** No address makes the server read what the text does not name, or fall over. */
    @Test
    void strangeAddresses() throws Exception {
        for (String uri : List.of("", "%", "file:", "file:relative", "file://host/share/m.tern", "http://x/m.tern",
                "file:///a%00b.tern")) {
            editor.open(uri, "model M() -> () {}");
            assertThat(editor.diagnostics(uri, 1)).as(uri).isNotNull();
        }
    }

    @Test
    void hugeTextsAreRefusedAndNothingElse() throws Exception {
        editor.open(UNSAVED, "x".repeat(3 << 20));
        Diagnostic huge = editor.diagnostics(UNSAVED, 1).getDiagnostics().getFirst();
        assertThat(huge.getCode().getLeft()).isEqualTo("T0007");
        assertThat(huge.getRange()).isEqualTo(new Range(new Position(0, 0), new Position(0, 0)));
        assertThat(editor.hover(UNSAVED, new Position(0, 1 << 20))).isEmpty();
        editor.complete(UNSAVED, new Position(0, 1 << 20));
        editor.change(UNSAVED, 2, "model M(x: f32[2]) -> (y: f32[2]) {\n    y = " + "(".repeat(100_000));
        assertThat(editor.diagnostics(UNSAVED, 2).getDiagnostics().getFirst().getCode().getLeft()).isEqualTo("T0004");
        editor.complete(UNSAVED, new Position(1, 50_000));
        editor.change(UNSAVED, 3, DIGITS);
        assertThat(editor.diagnostics(UNSAVED, 3).getDiagnostics()).isEmpty();
    }

    /** Of a hundred changes in a row the last one counts. */
    @Test
    void fastTyping() throws Exception {
        Path file = folder.resolve("fast.tern");
        String uri = file.toUri().toString();
        editor.open(uri, "");
        for (int i = 2; i <= 100; i++) {
            editor.change(uri, i, DIGITS.substring(0, DIGITS.length() * i / 100));
        }
        PublishDiagnosticsParams last = editor.diagnostics(uri, 100);
        assertThat(last.getDiagnostics()).extracting(d -> d.getCode().getLeft()).containsExactly("T0510");
        editor.server.getTextDocumentService()
                .didClose(new DidCloseTextDocumentParams(new TextDocumentIdentifier(uri)));
        PublishDiagnosticsParams closed = editor.published.take();
        assertThat(closed.getDiagnostics()).isEmpty();
    }
}
