package dev.tern.compiler.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.testing.Golden;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a user sees, whole: see {@code diagnostics/*.txt} beside the tests. */
class DiagnosticRendererTest {
    private final SourceFile digits = new SourceFile("digits.tern", """
            model Digits(image: f32[28, 28, 1]) -> (scores: f32[10]) {
                parameters "digits.safetensors"

                stem   = image |> conv(16, 3x3) |> batchnorm
                body   = stem
                    |> conv(32, 3x3)
                    |> relu

                inner  = stem + body
                scores = body |> flatten |> dense(10)
            }
            """);

    private static SourceSpan span(SourceFile file, String text, int occurrence) {
        int start = -1;
        for (int i = 0; i <= occurrence; i++) {
            start = file.text().indexOf(text, start + 1);
            assertThat(start).as(text).isNotNegative();
        }
        return new SourceSpan(file, start, start + text.length());
    }

    private SourceSpan span(String text) {
        return span(digits, text, 0);
    }

    private static void check(String name, Diagnostic... diagnostics) {
        Golden.check("diagnostics/" + name + ".txt", DiagnosticRenderer.render(List.of(diagnostics)));
    }

    @Test
    void oneLabel() {
        check("one-label", Diagnostic
                .error(DiagnosticCode.UNKNOWN_OP, "there is no op `flaten`", span("flatten"), "unknown op")
                .help("did you mean `flatten`?").help("ops are listed in grammar/README.md"),
                Diagnostic.warning(DiagnosticCode.UNUSED_VALUE, "`inner` is not used", span("inner"), ""));
    }

    @Test
    void severalLabelsOnOneLine() {
        SourceSpan plus = span("+");
        check("several-labels", Diagnostic
                .error(DiagnosticCode.SHAPE_MISMATCH, "`+` takes two tensors of one shape", plus, "these disagree")
                .alsoAt(span(digits, "stem", 2), "f32[28, 28, 16]").alsoAt(span(digits, "body", 1), "f32[28, 28, 32]"));
    }

    @Test
    void labelsOnSeveralLinesInTheOrderOfTheText() {
        check("several-lines", Diagnostic
                .error(DiagnosticCode.SHAPE_MISMATCH, "`+` takes two tensors of one shape", span("stem + body"),
                        "f32[28, 28, 16] and f32[28, 28, 32]")
                .alsoAt(span("body   = stem"), "f32[28, 28, 32] comes from here")
                .alsoAt(span("conv(16, 3x3)"), "f32[28, 28, 16] comes from here").alsoAt(span("model"), ""));
    }

    @Test
    void overlappingLabels() {
        check("overlapping", Diagnostic
                .error(DiagnosticCode.BAD_ARGUMENT, "16 channels do not suit", span("16"), "an argument of this op")
                .alsoAt(span("conv(16, 3x3)"), "this op").alsoAt(span("image |> conv(16, 3x3) |> batchnorm"), "in here")
                .alsoAt(span(digits, "conv", 0), ""));
    }

    @Test
    void stretchOverSeveralLines() {
        check("multi-line", Diagnostic.error(DiagnosticCode.NOT_LOWERED, "this pipeline is too much",
                span("stem\n        |> conv(32, 3x3)\n        |> relu"), "all of it").alsoAt(span("scores"),
                        "an output"),
                Diagnostic.error(DiagnosticCode.NO_MODEL, "the whole text", digits.span(), "from here to here"));
    }

    @Test
    void tabsAndWideCharacters() {
        SourceFile file = new SourceFile("wide.tern", "\tx\t= \"数字\" |> \"🐟\" |> \"e\u0301\" |> bad\n");
        check("wide", Diagnostic.error(DiagnosticCode.UNKNOWN_OP, "under a wide string", span(file, "\"数字\"", 0),
                "wide")
                .alsoAt(span(file, "\"🐟\"", 0), "a fish").alsoAt(span(file, "bad", 0), "after all of that")
                .alsoAt(span(file, "\t", 1), "a tab"));
    }

    @Test
    void charactersThatWouldMoveTheCursorDoNotGetOut() {
        SourceFile file = new SourceFile("escape.tern", "x = \"\u001B[31m\u202Egnp.lived\" + bad\u0007\n");
        Diagnostic diagnostic = Diagnostic.error(DiagnosticCode.UNKNOWN_NAME, "a \u001B[1mmessage\n", span(file, "bad",
                0),
                "\u001B[0m").help("\u202Ehelp");
        check("control", diagnostic);
        assertThat(DiagnosticRenderer.render(diagnostic)).doesNotContain("\u001B", "\u202E", "\u0007");
    }

    @Test
    void longLines() {
        String elements = "1000, ".repeat(100);
        SourceFile file = new SourceFile("long.tern", "a = [" + elements + "x, " + elements + "y, " + elements
                + "0]\n");
        check("long-lines",
                Diagnostic.error(DiagnosticCode.UNKNOWN_NAME, "in the middle", span(file, "x", 0), "unknown")
                        .alsoAt(span(file, "a", 0), "in this binding").alsoAt(span(file, "y", 0), "this one too"),
                Diagnostic.error(DiagnosticCode.UNKNOWN_NAME, "all of it",
                        new SourceSpan(file, 4, file.text().length() - 1), "a long list"));
    }

    @Test
    void ends() {
        SourceFile noBreak = new SourceFile("end.tern", "model M");
        SourceFile empty = new SourceFile("empty.tern", "");
        SourceFile crlf = new SourceFile("crlf.tern", "x = y\r\nz = w\r\n");
        check("ends",
                Diagnostic.error(DiagnosticCode.SYNTAX_ERROR, "at the end of a file without a line break",
                        new SourceSpan(noBreak, 7, 7), "expected `(`"),
                Diagnostic.error(DiagnosticCode.NO_MODEL, "in an empty file", empty.span(), "nothing here"),
                Diagnostic.error(DiagnosticCode.SYNTAX_ERROR, "before a line break of Windows",
                        new SourceSpan(crlf, 5, 5), "here").alsoAt(new SourceSpan(crlf, 4, 7), "over the break")
                        .alsoAt(new SourceSpan(crlf, 14, 14), "at the very end"));
    }

    @Test
    void otherFiles() {
        SourceFile block = new SourceFile("lib/blocks.tern", "block Cell(x: f32[n]) -> (y: f32[n]) {\n    y = x\n}\n");
        check("other-files",
                Diagnostic.error(DiagnosticCode.PARAMETER_MISSHAPEN, "`stem.conv.weight` has the wrong shape",
                        span("conv(16, 3x3)"), "needs f32[16, 3, 3, 1]")
                        .alsoAt(new FilePosition("digits.safetensors", 1234, "tensor stem.conv.weight"), "F32[16, 9]")
                        .help("layouts are told in grammar/README.md"),
                Diagnostic.error(DiagnosticCode.SHAPE_MISMATCH, "two files", span("stem"), "here")
                        .alsoAt(span(block, "Cell", 0), "there").alsoAt(span("body"), "here too"),
                Diagnostic.error(DiagnosticCode.PARAMETERS_UNREADABLE, "there is no such file",
                        new FilePosition("absent.safetensors", -1, ""), ""));
    }

    @Test
    void lineNumbersOfDifferentLength() {
        StringBuilder text = new StringBuilder();
        List<SourceSpan> spans = new ArrayList<>();
        for (int line = 1; line <= 1000; line++) {
            text.append("x").append(line).append(" = 1\n");
        }
        SourceFile file = new SourceFile("numbers.tern", text.toString());
        for (String name : List.of("x9 ", "x10 ", "x1000 ")) {
            spans.add(span(file, name, 0));
        }
        check("line-numbers", Diagnostic.error(DiagnosticCode.DUPLICATE_NAME, "three of them", spans.get(1), "second")
                .alsoAt(spans.get(0), "first").alsoAt(spans.get(2), "third").help("choose"));
    }
}
