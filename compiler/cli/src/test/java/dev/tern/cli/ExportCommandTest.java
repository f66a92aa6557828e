package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportCommandTest {
    private static final Path DIGITS = Path.of(System.getProperty("tern.root"), "models", "digits");

    @TempDir
    private Path folder;

    @Test
    void theFileAnswersAsTheModel() {
        Path file = folder.resolve("out/digits.onnx");
        Invocation export = Invocation.of("export", DIGITS, "-o", file);
        assertThat(export.err()).isEmpty();
        assertThat(export.out()).startsWith("wrote " + file);
        String picture = "image=" + DIGITS.resolve("samples/seven.png");
        assertThat(Invocation.of("run", file, "--input", picture).out())
                .isEqualTo(Invocation.of("run", DIGITS, "--input", picture).out());
    }

    @Test
    void weightsTakeTheNarrowestIntegers() throws IOException {
        Path two = folder.resolve("two.onnx");
        Path four = folder.resolve("four.onnx");
        Path eight = folder.resolve("eight.onnx");
        Invocation.of("export", DIGITS, "-o", two);
        Invocation.of("export", DIGITS, "-o", four, "--opset", 21);
        Invocation.of("export", DIGITS, "-o", eight, "--opset", 20);
        // 20,288 ternary weights.
        assertThat(Files.size(eight) - Files.size(four)).isBetween(20_288 / 2 - 10L, 20_288 / 2 + 10L);
        assertThat(Files.size(four) - Files.size(two)).isBetween(20_288 / 4 - 10L, 20_288 / 4 + 10L);
    }

    /** Three bits in a type of four, which the answer does not notice. */
    @Test
    void activationsTakeTheNarrowestIntegersOnDemand() throws IOException {
        Path model = Files.writeString(folder.resolve("few.tern"), """
                model Few(x: f32[8]) -> (y: f32[3]) {
                    parameters "few.safetensors"

                    y = x |> dense(3, weights: ternary, activations: static(3, scale: 0.25))
                }
                """);
        assertThat(Invocation.of("init", model).exitCode()).isZero();
        Path bytes = folder.resolve("bytes.onnx");
        Path narrow = folder.resolve("narrow.onnx");
        assertThat(Invocation.of("export", model, "-o", bytes).exitCode()).isZero();
        assertThat(Invocation.of("export", model, "-o", narrow, "--narrowest").exitCode()).isZero();
        assertThat(Files.readAllBytes(narrow)).isNotEqualTo(Files.readAllBytes(bytes));
        Path input = Files.writeString(folder.resolve("x.csv"), "0.1,-0.2,0.3,0.9,-3,7,0.4,0.6\n");
        assertThat(Invocation.of("run", narrow, "--input", input).out())
                .isEqualTo(Invocation.of("run", model, "--input", input).out());
        assertThat(Invocation.of("import", narrow, "-o", folder.resolve("back")).out())
                .contains("static(3, scale: 0.25)");
    }

    @Test
    void whatCannotBeWrittenIsNamed() throws IOException {
        assertThat(Invocation.of("export", DIGITS, "-o", folder).err()).startsWith("error[T1008]")
                .contains("this is a folder");
        Invocation old = Invocation.of("export", DIGITS, "-o", folder.resolve("a.onnx"), "--opset", 12);
        assertThat(old.exitCode()).isEqualTo(2);
        assertThat(old.err()).contains("operator sets 20 to 25 are written, not 12");
        Path model = Files.writeString(folder.resolve("tokens.tern"), """
                model Tokens(x: f32[4, 8]) -> (y: f32[4, 8]) {
                    parameters "tokens.safetensors"

                    y = x |> attention(2)
                }
                """);
        assertThat(Invocation.of("init", model).exitCode()).isZero();
        Invocation attention = Invocation.of("export", model, "-o", folder.resolve("a.onnx"));
        assertThat(attention.exitCode()).isEqualTo(1);
        assertThat(attention.err()).contains("`attention` cannot be written as ONNX").contains("tokens.tern:4");
        assertThat(folder.resolve("a.onnx")).doesNotExist();
    }
}
