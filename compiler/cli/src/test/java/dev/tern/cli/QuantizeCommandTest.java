package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizeCommandTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path data;
    private Path output;

    @BeforeEach
    void writeModel() throws IOException {
        model = Fixture.model(folder);
        Files.writeString(model,
                Fixture.TEXT.replace(", weights: int(8), activations: static(8, 0..1)", ""));
        data = NpyFile.write(folder.resolve("samples.npy"), new int[]{6, 2, 2, 1}, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0,
                0, 0, 0, 1, 1, 0.5f, 0.25f, 0, 0, 0.25f, 0.5f, 1);
        output = folder.resolve("small");
    }

    @Test
    void writesAModelThatRuns() throws IOException {
        Invocation quantize = Invocation.of("quantize", model, "--data", data, "--weights", "ternary(twn)",
                "--activations", "dynamic(8)", "-o", output);
        assertThat(quantize.err()).isEmpty();
        assertThat(quantize.exitCode()).isZero();
        // Weights of one magnitude in each row are ternary already: what is left are the activations' errors. Packed,
        // rows of 4 codes of 2 bits take a byte each, and there are three scales.
        assertThat(quantize.out()).contains("place.dense.weight  ternary", "100.0 % of them", "packed 15",
                "wrote " + output.resolve("brightest.tern"));
        assertThat(output.resolve("brightest.tern")).hasContent("""
                /// Finds the brightest pixel.
                model Brightest(image: f32[2, 2, 1]) -> (place: f32[3]) {
                    parameters "brightest.safetensors"
                    labels place: "top left", "top right", "below"

                    place = image |> flatten |> dense(3, weights: ternary(twn), activations: dynamic(8))
                }
                """);
        Invocation run = Invocation.of("run", output, "--input", Fixture.input(folder));
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("top right");
        byte[] written = Files.readAllBytes(output.resolve("brightest.safetensors"));
        Invocation.of("quantize", model, "--data", data, "--weights", "ternary(twn)", "--activations", "dynamic(8)",
                "-o", output);
        assertThat(output.resolve("brightest.safetensors")).hasBinaryContent(written);
    }

    @Test
    void choosesSchemesUnderABudget() {
        Invocation quantize = Invocation.of("quantize", model, "--data", data, "--budget", "15 B", "--packed",
                "--activations", "dynamic(8)", "-o", output, "--name", "tiny", "--json");
        assertThat(quantize.err()).isEmpty();
        assertThat(quantize.out()).contains("\"packed\" : 15", "\"scheme\" : \"ternary\"",
                output.resolve("tiny.tern").toString());
        assertThat(output.resolve("tiny.tern")).content().contains(
                "    // place.dense: ternary(twn) alone moves the outputs by ", "    //     int(3) ", " 3 bytes more");
        Invocation refused = Invocation.of("quantize", model, "--data", data, "--budget", "14", "--packed",
                "--activations", "dynamic(8)", "-o", folder.resolve("none"));
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("no choice of schemes keeps the budget of 14 bytes",
                "the least is about 15 bytes");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    /** Codes stand for floats, so that a model that is quantized already can be quantized anew. */
    @Test
    void takesWhatItWrote() {
        Invocation.of("quantize", model, "--data", data, "--weights", "int(8)", "--activations", "dynamic(8)", "-o",
                output);
        Invocation again = Invocation.of("quantize", output, "--data", data, "--weights", "ternary(twn)", "-o",
                folder.resolve("again"));
        assertThat(again.err()).isEmpty();
        assertThat(folder.resolve("again/brightest.tern")).content()
                .contains("dense(3, weights: ternary(twn), activations: dynamic(8))");
    }

    /** Steps that the data lacks are gone through; an archive may name them, too. */
    @Test
    void takesStepsAndChosenExamples() throws IOException {
        Path steps = Files.writeString(folder.resolve("steps.tern"), """
                model Steps(x: f32[2], t: step[3]) -> (y: f32[3]) {
                    parameters "steps.safetensors"
                    y = concat(x, t |> embed(sinusoidal, 2)) |> dense(3)
                }
                """);
        Files.write(folder.resolve("steps.safetensors"), SafetensorsWriter.bytes(Map.of("y.dense.weight",
                new Tensor.Floats(Shape.of(3, 4), new float[]{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1}))));
        Path points = NpyFile.write(folder.resolve("points.npy"), new int[]{6, 2}, 1, 0, 0, 1, 1, 1, 0.5f, 0, 0, 2, 1,
                -1);
        Invocation quantize = Invocation.of("quantize", steps, "--data", points, "--examples", "1..4", "--weights",
                "int(4)", "--activations", "dynamic(8)", "-o", output);
        assertThat(quantize.err()).isEmpty();
        assertThat(quantize.out()).contains("on 4 samples");
        assertThat(Invocation.of("quantize", steps, "--data", points, "--examples", "1..6", "-o", output).err())
                .startsWith("error[").contains("there are the examples 0..5");
    }

    @Test
    void wrongUsage() {
        assertThat(Invocation.of("quantize", model, "--data", data, "-o", output, "--budget", "much").err())
                .startsWith("tern: --budget much: write 24KiB, say, or 24576");
        assertThat(Invocation.of("quantize", model, "--data", data, "-o", output, "--budget", "1KiB", "--weights",
                "binary").err()).startsWith("tern: with --budget the weights' schemes are chosen");
        assertThat(Invocation.of("quantize", model, "--data", data, "-o", output, "--rounding", "best").err())
                .startsWith(
                        "tern: there is no rounding 'best': formula, scaled, compensated, adapted, matched, fitted");
        Invocation unknown = Invocation.of("quantize", model, "--data", data, "-o", output, "--weights", "int(9)");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).startsWith("error[");
        assertThat(output).doesNotExist();
    }
}
