package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.cli.output.Scatter;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleCommandTest {
    @TempDir
    private Path folder;

    /** A model of points that are all at 0: at the last of many steps nearly everything is noise. */
    private Path points() throws IOException {
        Path text = Files.writeString(folder.resolve("points.tern"), """
                model Points(x: f32[2], t: step[10]) -> (noise: f32[2]) {
                    parameters "points.safetensors"
                    noise = concat(x, t |> embed(sinusoidal, 2)) |> dense(2, weights: float)
                }
                """);
        Files.write(folder.resolve("points.safetensors"), SafetensorsWriter.bytes(Map.of("noise.dense.weight",
                new Tensor.Floats(Shape.of(2, 4), new float[]{1, 0, 0, 0, 0, 1, 0, 0}))));
        return text;
    }

    @Test
    void drawsPointsAndComparesThem() throws IOException {
        Path data = Files.writeString(folder.resolve("data.csv"), "0,0\n0,0\n0,0\n");
        Path drawn = folder.resolve("drawn.csv");
        Invocation sample = Invocation.of("sample", points(), "--count", "30", "--data", data, "-o", drawn);
        assertThat(sample.err()).isEmpty();
        assertThat(sample.out()).contains("energy distance from the data: ", "mean squared error of the noise: ",
                "wrote " + drawn);
        List<String> lines = Files.readAllLines(drawn);
        assertThat(lines).hasSize(30).allMatch(line -> line.split(",").length == 2);
        assertThat(sample.out().lines().filter(line -> line.contains("."))).isNotEmpty();
        Invocation again = Invocation.of("sample", points(), "--count", "30", "--json");
        assertThat(again.out()).contains("\"distance\" : null", "\"samples\" : [");
    }

    @Test
    void writesPicturesToOneFile() throws IOException {
        Path text = Files.writeString(folder.resolve("pictures.tern"), """
                model Pictures(x: f32[3, 2, 1], t: step[4]) -> (noise: f32[3, 2, 1]) {
                    noise = x * 0.5
                }
                """);
        Path sheet = folder.resolve("sheet.png");
        Invocation sample = Invocation.of("sample", text, "--count", "5", "--steps", "2", "-o", sheet);
        assertThat(sample.exitCode()).isZero();
        // Three across and two down, each with a line between.
        assertThat(ImageIO.read(sheet.toFile())).satisfies(image -> {
            assertThat(image.getWidth()).isEqualTo(9);
            assertThat(image.getHeight()).isEqualTo(8);
        });
    }

    /** A line from the lower left to the upper right, and one point far away that has no place. */
    @Test
    void pointsAreShownInTheirPlaces() {
        float[] points = new float[402];
        for (int i = 0; i < 200; i++) {
            points[2 * i] = i;
            points[2 * i + 1] = 2 * i;
        }
        points[400] = 1e6f;
        points[401] = Float.NaN;
        List<String> lines = Scatter.lines(points);
        assertThat(lines).hasSize(28);
        assertThat(lines.getFirst()).matches(" {60,62}[.:*#@]+");
        assertThat(lines.getLast()).matches("[.:*#@]{2,4}");
    }

    @Test
    void wrongUsage() throws IOException {
        assertThat(Invocation.of("sample", Fixture.model(folder)).err())
                .startsWith("tern: sampling takes a model of two inputs, values and a step");
        assertThat(Invocation.of("sample", points(), "--steps", "11").err()).startsWith(
                "tern: of the model's steps 1 to 10 are taken, not 11");
        assertThat(Invocation.of("sample", points(), "-o", folder.resolve("x.txt")).err())
                .startsWith("tern: samples are written to .csv and .png files");
    }
}
