package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatCommandTest {
    private static final String LOOSE = """
            // kept
            model M(x:f32[4])->(y : f32[2]) { parameters "m.safetensors"
              y=x|>dense( 2 ) }
            """;
    private static final String CANONICAL = """
            // kept
            model M(x: f32[4]) -> (y: f32[2]) {
                parameters "m.safetensors"
                y = x |> dense(2)
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void rewritesInPlaceOnce() throws IOException {
        Path file = Files.writeString(folder.resolve("m.tern"), LOOSE);
        assertThat(Invocation.of("fmt", folder)).isEqualTo(new Invocation(0, file + ": laid out anew\n", ""));
        assertThat(Files.readString(file)).isEqualTo(CANONICAL);
        assertThat(Invocation.of("fmt", folder)).isEqualTo(new Invocation(0, "", ""));
    }

    @Test
    void checkWritesNothing() throws IOException {
        Path file = Files.writeString(folder.resolve("m.tern"), LOOSE);
        assertThat(Invocation.of("fmt", "--check", file))
                .isEqualTo(new Invocation(1, "", file + ": not in canonical layout; run tern fmt\n"));
        assertThat(Files.readString(file)).isEqualTo(LOOSE);
        assertThat(Invocation.of("fmt", "--check", "--json", file).out()).contains("\"changed\" : [ \"" + file);
    }

    @Test
    void aSyntaxErrorLeavesEveryFileAlone() throws IOException {
        Path good = Files.writeString(folder.resolve("good.tern"), LOOSE);
        Path bad = Files.writeString(folder.resolve("bad.tern"), LOOSE.replace("y=", "y=="));
        Invocation format = Invocation.of("fmt", good, bad);
        assertThat(format.exitCode()).isEqualTo(1);
        assertThat(format.err()).contains("error[T0003]", "bad.tern:3:");
        assertThat(Files.readString(good)).isEqualTo(LOOSE);
    }

    @Test
    void standardInputGoesToStandardOutput() {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream(LOOSE.getBytes(StandardCharsets.UTF_8)));
            assertThat(Invocation.of("fmt", "-")).isEqualTo(new Invocation(0, CANONICAL, ""));
        } finally {
            System.setIn(before);
        }
        assertThat(Invocation.of("fmt", "-", "--check").exitCode()).isEqualTo(2);
    }
}
