package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.footprint.Footprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FootprintCommandTest {
    private static final String MODEL = """
            model Small(x: f32[8]) -> (y: f32[2]) {
                parameters "small.safetensors"
                %s
                default weights: binary, activations: sign

                y = x |> dense(64) |> batchnorm |> dense(2)
            }
            """;

    @TempDir
    private Path folder;

    private Path model(String budget) throws IOException {
        Path model = Files.writeString(folder.resolve("small.tern"), MODEL.formatted(budget));
        assertThat(Invocation.of("init", model, "--force").exitCode()).isZero();
        return model;
    }

    @Test
    void countsFlashAndMemory() throws IOException {
        Invocation shown = Invocation.of("footprint", model(""), "--target", "portable");
        assertThat(shown.err()).isEmpty();
        assertThat(shown.exitCode()).isZero();
        // 64 times 8 weights of one bit, and 2 times 64.
        assertThat(row(shown, "codes of weights")).isEqualTo("codes of weights 80");
        assertThat(shown.out()).contains("the class file", "held while it runs", "the most while", "portable code");
        assertThat(Invocation.of("footprint", folder.resolve("small.tern"), "--portable").out())
                .as("an alias").isEqualTo(shown.out());
    }

    @Test
    void isWhatExplainTells() throws IOException {
        Path model = model("budget flash: 4 KiB, ram: 4 KiB");
        Invocation shown = Invocation.of("footprint", model, "--target", "256");
        Invocation explained = Invocation.of("explain", model, "--target", "256");
        String flash = row(shown, "together").split(" ")[1];
        assertThat(explained.out()).contains("flash " + flash + " bytes (codes of weights 80, ");
        assertThat(shown.out()).contains("vector 256 code", "4,096");
        assertThat(Invocation.of("footprint", model, "--json").out()).contains("\"codes\"", "\"timeline\"",
                "\"least\"");
    }

    @Test
    void theModelsPageHasTodaysSizes() throws IOException {
        Path models = Path.of(System.getProperty("tern.root"), "models");
        for (String name : List.of("digits", "tinymlp")) {
            Footprint footprint = Compilation.of(models.resolve(name).resolve(name + ".tern"),
                    HostTarget.portable("a test")).footprint();
            assertThat(Files.readString(models.resolve("README.md"))).contains(String.format(Locale.ROOT,
                    "| %s | %,d bytes | %,d bytes |", name, footprint.weights(), footprint.memory()));
        }
    }

    @Test
    void aTargetThatIsNone() throws IOException {
        for (String command : new String[]{"footprint", "explain", "bench", "tune"}) {
            Invocation wrong = Invocation.of(command, model(""), "--target", "1024");
            assertThat(wrong.exitCode()).isEqualTo(2);
            assertThat(wrong.err()).contains("--target takes ", ", not '1024'");
        }
    }

    /** The first line that begins so, its columns a blank apart. */
    private static String row(Invocation invocation, String begin) {
        return invocation.out().lines().map(line -> String.join(" ", Arrays.asList(line.trim().split("\\s+"))))
                .filter(line -> line.startsWith(begin)).findFirst().orElseThrow();
    }
}
