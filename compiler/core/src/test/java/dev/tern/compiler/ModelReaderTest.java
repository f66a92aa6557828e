package dev.tern.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said when a model's file, or a file that it names, is not what compiling needs. */
class ModelReaderTest {
    @TempDir
    Path folder;

    private String failure(String text) throws IOException {
        Path file = folder.resolve("m.tern");
        Files.writeString(file, text);
        CompilationFailedException[] thrown = new CompilationFailedException[1];
        assertThatThrownBy(() -> Compilation.of(file)).isInstanceOfSatisfying(CompilationFailedException.class,
                e -> thrown[0] = e);
        return thrown[0].getMessage().replace(folder.toString(), "FOLDER");
    }

    private static String model(String first) {
        return "model Net(x: f32[2]) -> (y: f32[1]) {\n    " + first + "\n    y = x |> dense(1) |> bias\n}\n";
    }

    @Test
    void aModelWithParametersNamesTheirFile() throws IOException {
        assertThat(failure(model(""))).isEqualTo("""
                error[T0510]: `Net` has parameters, but names no file that holds them
                 --> FOLDER/m.tern:1:7
                  |
                1 | model Net(x: f32[2]) -> (y: f32[1]) {
                  |       ^^^
                ...
                3 |     y = x |> dense(1) |> bias
                  |              -------- the first is asked for here
                  = help: name the file in the model: `parameters "net.safetensors"`
                """);
    }

    @Test
    void theFileIsThere() throws IOException {
        assertThat(failure(model("parameters \"numbers.npz\""))).contains("error[T0501]: there is no file",
                "m.tern:2:16", "^^^^^^^^^^^^^");
    }

    @Test
    void theFileHasAKnownFormat() throws IOException {
        Files.writeString(folder.resolve("numbers.h5"), "");
        assertThat(failure(model("parameters \"numbers.h5\""))).contains("error[T0508]", "`numbers.h5`", "m.tern:2:16",
                ".safetensors and .npz");
    }

    @Test
    void blocksAloneDoNotCompile() throws IOException {
        assertThat(failure("block A(x: f32[n]) -> (y: f32[n]) {\n    y = x |> relu\n}\n")).contains("error[T0105]",
                "the file holds no model");
    }

    @Test
    void aModelWithoutParametersNeedsNoFile() throws IOException {
        Path file = folder.resolve("m.tern");
        Files.writeString(file, "model Net(x: f32[2]) -> (y: f32[2]) {\n    y = x |> relu\n}\n");
        assertThat(Tern.compile(file).newSession().run(new float[]{-1, 2})).containsExactly(0, 2);
    }
}
