package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of PyTorch and one of Keras, from the file to the scores. */
class LayoutsTest {
    /** A picture of two channels, which alone say what the answer is. */
    private static final String TEXT = """
            model M(x: f32[2, 1, 2]) -> (y: f32[4]) {
                parameters "m.safetensors"%s

                y = x |> flatten |> dense(4)
            }
            """;

    @TempDir
    private Path folder;

    private Path input;

    @BeforeEach
    void writeInput() throws IOException {
        input = Files.writeString(folder.resolve("input.csv"), "0 1 2 3\n");
    }

    /** A tensor [4, 4] that gives element i of what it meets as output i, but for the order of its columns. */
    private void writeFile(String name, String metadata, float... values) throws IOException {
        byte[] header = ("{" + metadata + "\"" + name
                + "\":{\"dtype\":\"F32\",\"shape\":[4,4],\"data_offsets\":[0,64]}}").getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + 64).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header);
        for (float value : values) {
            bytes.putFloat(value);
        }
        Files.write(folder.resolve("m.safetensors"), bytes.array());
    }

    private Invocation run(String layout) throws IOException {
        return Invocation.of("run", Files.writeString(folder.resolve("m.tern"), TEXT.formatted(layout)), "--input",
                input, "--json");
    }

    @Test
    void aSquareMatrixIsReadAsTheLayoutSays() throws IOException {
        writeFile("y.dense.weight", "", 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1);
        Invocation guessed = run("");
        assertThat(guessed.exitCode()).isZero();
        assertThat(guessed.err()).startsWith("warning[T0512]: `y.dense.weight` of shape [4, 4] fits by the layouts of"
                + " Tern and of PyTorch, and is read by the first\n").containsOnlyOnce("warning");
        assertThat(guessed.out()).contains("\"values\" : [ 0.0, 1.0, 2.0, 3.0 ]");
        Invocation own = run(" layout: tern");
        assertThat(own.err()).isEmpty();
        assertThat(own.out()).contains("\"values\" : [ 0.0, 1.0, 2.0, 3.0 ]");
        // Column 1 is row 1 of channel 0, which the input has third.
        assertThat(run(" layout: pytorch").out()).contains("\"values\" : [ 0.0, 2.0, 1.0, 3.0 ]");
        // Output 0 takes the fourth, too.
        assertThat(run(" layout: keras").out()).contains("\"values\" : [ 3.0, 1.0, 2.0, 3.0 ]");
        assertThat(run(" layout: torch").err()).startsWith("error[T0201]: there is no layout `torch`\n")
                .contains("help: a layout is tern, pytorch, keras");
    }

    @Test
    void namesOfTheFileAreMapped() throws IOException {
        writeFile("fc.0.weight", "", 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
        Invocation run = run(" layout: tern map \"fc.*\" to \"y.dense\"");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run(" layout: tern map \"fc.0\" to \"*\"").err())
                .startsWith("error[T0201]: there are more `*` on the right than on the left");
    }

    @Test
    void whatTheFileRecordsCounts() throws IOException {
        writeFile("y.dense.weight", "\"__metadata__\":{\"tern.layout\":\"tern\"},", 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0,
                0, 0, 0, 1);
        assertThat(run("").err()).isEmpty();
        assertThat(run(" layout: pytorch").out()).contains("\"values\" : [ 0.0, 1.0, 2.0, 3.0 ]");
        writeFile("y.dense.weight", "\"__metadata__\":{\"tern.layout\":\"jax\",\"format\":\"pt\"},", 1, 0, 0, 0, 0, 1,
                0,
                0, 0, 0, 1, 0, 0, 0, 0, 1);
        assertThat(run("").err()).startsWith("warning[T0512]");
    }
}
