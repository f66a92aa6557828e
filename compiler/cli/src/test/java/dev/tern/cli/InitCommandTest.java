package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {
    private static final String MODEL = """
            model Small(x: f32[4], t: step[3]) -> (y: f32[2]) {
                parameters "small.safetensors"

                h = x |> dense(3, bias: true, weights: ternary(twn), activations: static(4, calibrated)) |> batchnorm
                y = h |> prelu |> dense(2, weights: int(8), activations: tdq(4, step: t))
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void writesWhatTheModelAsksFor() throws IOException {
        Path model = Files.writeString(folder.resolve("small.tern"), MODEL);
        Path file = folder.resolve("small.safetensors");
        Invocation without = Invocation.of("explain", model);
        assertThat(without.exitCode()).isEqualTo(1);
        assertThat(without.err()).contains("`tern init` writes one with random numbers");

        Invocation init = Invocation.of("init", model);
        assertThat(init.err()).isEmpty();
        assertThat(init.exitCode()).isZero();
        assertThat(init.out()).isEqualTo(file + "  random numbers of seed 1" + System.lineSeparator());
        assertThat(Invocation.of("check", model).err()).isEmpty();
        assertThat(Invocation.of("run", model, "--input", "x=" + vector(), "--input", "t=2").exitCode()).isZero();
    }

    private Path vector() throws IOException {
        return Files.writeString(folder.resolve("x.csv"), "1,-2,0.5,3\n");
    }

    @Test
    void theSeedIsAllThatChanceKnows() throws IOException {
        Path model = Files.writeString(folder.resolve("small.tern"), MODEL);
        Path file = folder.resolve("small.safetensors");
        Path other = folder.resolve("other.safetensors");
        assertThat(Invocation.of("init", model).exitCode()).isZero();
        assertThat(Invocation.of("init", model, "-o", other).exitCode()).isZero();
        assertThat(other).hasSameBinaryContentAs(file);
        assertThat(Invocation.of("init", model).exitCode()).as("once more").isZero();
        assertThat(Invocation.of("init", model, "-o", other, "--seed", "2", "--force").exitCode()).isZero();
        assertThat(Files.mismatch(other, file)).isNotNegative();
    }

    @Test
    void losesNothing() throws IOException {
        Path model = Files.writeString(folder.resolve("small.tern"), MODEL);
        Path file = Files.writeString(folder.resolve("small.safetensors"), "trained for a week");
        Invocation init = Invocation.of("init", model);
        assertThat(init.exitCode()).isEqualTo(2);
        assertThat(init.err()).contains(file + " is there already with other numbers", "--force writes over it");
        assertThat(file).hasContent("trained for a week");

        Path nameless = Files.writeString(folder.resolve("nameless.tern"), "model M(x: f32[2]) -> (y: f32[2]) {\n"
                + "    y = dense(x, 2)\n}\n");
        assertThat(Invocation.of("init", nameless).err()).contains("names no parameters file", "--output");
    }
}
