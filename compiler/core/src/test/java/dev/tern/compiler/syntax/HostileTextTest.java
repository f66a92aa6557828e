package dev.tern.compiler.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts made to break a parser: each gets its diagnostics, without an exception. */
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class HostileTextTest {
    private static final int DEEP = 20_000;

    private static List<DiagnosticCode> codes(String text) {
        Diagnostics diagnostics = new Diagnostics();
        SyntaxReader.read(new SourceFile("hostile.tern", text), diagnostics);
        assertThat(DiagnosticRenderer.render(diagnostics.list())).hasSizeLessThan(100_000);
        return diagnostics.list().stream().map(diagnostic -> diagnostic.code()).distinct().toList();
    }

    private static String model(String value) {
        return "model M(x: f32[1]) -> (y: f32[1]) { y = " + value + " }";
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "f(", "f(a: ", "-", "+ ", "not ", "{", "x + ", "x |> (", "1 * -[", "0.."})
    void nestedDeep(String opener) {
        assertThat(codes(model(opener.repeat(DEEP)))).containsExactly(DiagnosticCode.NESTED_TOO_DEEP);
        assertThat(codes(opener.repeat(DEEP))).containsExactly(DiagnosticCode.NESTED_TOO_DEEP);
    }

    @Test
    void closedAgain() {
        assertThat(codes(model("(".repeat(DEEP) + "x" + ")".repeat(DEEP))))
                .containsExactly(DiagnosticCode.NESTED_TOO_DEEP);
        assertThat(codes(")".repeat(DEEP))).containsExactly(DiagnosticCode.SYNTAX_ERROR);
        assertThat(codes(model("x" + ")".repeat(DEEP)))).containsExactly(DiagnosticCode.SYNTAX_ERROR);
    }

    @Test
    void allowedDepthIsReadWithoutTrouble() {
        int depth = TokenScan.MAX_DEPTH - 1;
        assertThat(codes(model("(".repeat(depth) + "x" + ")".repeat(depth)))).isEmpty();
        assertThat(codes(model("f(".repeat(depth) + "x" + ")".repeat(depth)))).isEmpty();
        assertThat(codes(model("-".repeat(depth) + "x"))).isEmpty();
        assertThat(codes(model("x" + " + x".repeat(depth)))).isEmpty();
        assertThat(codes(model("x" + " + x".repeat(depth + 1)))).containsExactly(DiagnosticCode.NESTED_TOO_DEEP);
    }

    @Test
    void longChains() {
        assertThat(codes(model("x" + " + x".repeat(100_000)))).containsExactly(DiagnosticCode.NESTED_TOO_DEEP);
        assertThat(codes(model("x" + " or x".repeat(100_000)))).containsExactly(DiagnosticCode.NESTED_TOO_DEEP);
        assertThat(codes(model("x" + " |> relu".repeat(100_000)))).isEmpty();
        assertThat(codes(model("f(" + "x, ".repeat(100_000) + ")"))).isEmpty();
        assertThat(codes(model("x" + " y = x".repeat(80_000)))).isEmpty();
        assertThat(codes(model("x" + " |> |>".repeat(100_000)))).containsExactly(DiagnosticCode.SYNTAX_ERROR);
        assertThat(codes(model("x" + "\ny x".repeat(100_000)))).containsExactly(DiagnosticCode.SYNTAX_ERROR);
        assertThat(codes("model ".repeat(100_000))).containsExactly(DiagnosticCode.SYNTAX_ERROR);
        assertThat(codes("model M(".repeat(100_000))).containsExactly(DiagnosticCode.NESTED_TOO_DEEP);
        assertThat(codes("model M() -> () {} ".repeat(25_000))).isEmpty();
    }

    @Test
    void longTokens() {
        String million = "1".repeat(1_000_000);
        assertThat(codes(model(million))).containsExactly(DiagnosticCode.NUMBER_OUT_OF_RANGE);
        assertThat(codes(model(million + "x3"))).containsExactly(DiagnosticCode.NUMBER_OUT_OF_RANGE);
        assertThat(codes(model("0." + million))).isEmpty();
        assertThat(codes(model("1e" + million))).containsExactly(DiagnosticCode.NUMBER_OUT_OF_RANGE);
        assertThat(codes(model("a".repeat(255)))).isEmpty();
        assertThat(codes(model("a".repeat(1_000_000)))).containsExactly(DiagnosticCode.NAME_TOO_LONG);
        assertThat(codes("a".repeat(1_000_000))).contains(DiagnosticCode.NAME_TOO_LONG);
        assertThat(codes(model("\"" + "a".repeat(1_000_000)))).containsExactly(DiagnosticCode.SYNTAX_ERROR);
        assertThat(codes(model("\"" + "\\q".repeat(500_000) + "\""))).containsExactly(DiagnosticCode.BAD_ESCAPE);
        assertThat(codes("//" + "/".repeat(1_000_000))).isEmpty();
        assertThat(codes("//" + "字".repeat(1_000_000))).isEmpty();
        assertThat(codes("@".repeat(1_000_000))).containsExactly(DiagnosticCode.BAD_CHARACTER);
        assertThat(codes("@ ".repeat(500_000))).containsExactly(DiagnosticCode.BAD_CHARACTER);
        assertThat(codes("‘".repeat(1_000_000))).containsExactly(DiagnosticCode.BAD_CHARACTER);
        assertThat(codes("' ".repeat(500_000))).containsExactly(DiagnosticCode.BAD_CHARACTER);
    }

    /** What can be read can be formatted too. */
    @ParameterizedTest
    @ValueSource(strings = {"x%s| |> relu", "x%s| |> conv(8, 3x3) |> relu", "f(%s)|x, ", "[%s0]|123, ", "x%s| y = x",
        "x%s|\n// c\n\ny = x", "x%s| |> f(1, // c\n 2) // d\n", "f(%s)|x // c\n, "})
    void longTextsAreFormatted(String pattern) {
        String[] parts = pattern.split("\\|", 2);
        String text = model(parts[0].formatted(parts[1].repeat(8_000)));
        assertThat(FormatterTest.format(FormatterTest.format(text))).hasSizeGreaterThan(8_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(%s)", "f(%s)", "[%s]", "-%s", "not %s", "(1 + %s) * 2", "f(x |> g(%s))"})
    void deepTextsAreFormatted(String pattern) {
        String value = "x";
        while (codes(model(pattern.formatted(value))).isEmpty()) {
            value = pattern.formatted(value);
        }
        assertThat(FormatterTest.format(FormatterTest.format(model(value)))).contains("x");
    }

    @Test
    void tooLarge() {
        assertThat(codes(" ".repeat(SyntaxReader.MAX_TEXT + 1))).containsExactly(DiagnosticCode.FILE_TOO_LARGE);
        assertThat(codes(" ".repeat(SyntaxReader.MAX_TEXT))).isEmpty();
        assertThat(codes("f(x".repeat(TokenScan.MAX_DEPTH / 2) + ",x".repeat(400_000)))
                .containsExactly(DiagnosticCode.FILE_TOO_LARGE);
        assertThat(codes(model("f(" + "x,".repeat(400_000) + ")"))).containsExactly(DiagnosticCode.FILE_TOO_LARGE);
    }

    @Test
    void notAText() {
        assertThat(codes("model\0M")).containsExactly(DiagnosticCode.BAD_CHARACTER);
        assertThat(codes("\uD800\uDC00\uD800 \u202E \uFFFF")).containsExactly(DiagnosticCode.BAD_CHARACTER);
    }

    /** Tokens thrown together, and right texts with tokens dropped, doubled and swapped. */
    @Test
    void randomTokens() {
        String[] tokens = {"model", "block", "M", "(", ")", "[", "]", "{", "}", "->", "|>", ":", ",", "=", "==", "x",
            "3x3", "1", "0.5", "..", "\"s\"", "\"", "if", "as", "not", "and", "+", "-", "*", "_", "default",
            "budget", "labels", "parameters", "KiB", "@", "\n", "// c\n", "/// d\n", "true", "f32"};
        Random random = new Random(20_260_101);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder(round % 2 == 0 ? "model M(x: f32[1]) -> (y: f32[1]) {\n" : "");
            int length = random.nextInt(40);
            for (int i = 0; i < length; i++) {
                text.append(tokens[random.nextInt(tokens.length)]).append(random.nextInt(4) == 0 ? "" : " ");
            }
            codes(text.toString());
        }
    }
}
