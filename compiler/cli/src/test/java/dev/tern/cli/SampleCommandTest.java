package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.cli.output.Scatter;
import dev.tern.cli.report.PointPlot;
import dev.tern.cli.report.PointPlot.Frame;
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

    /** A model that says 0 is wrong by the whole noise, and one that says x by the data alone, which is all 0. */
    @Test
    void modelsSideBySide() throws IOException {
        Path nothing = Files.writeString(folder.resolve("nothing.tern"), """
                model Nothing(x: f32[2], t: step[10]) -> (noise: f32[2]) {
                    noise = x * 0
                }
                """);
        Path data = Files.writeString(folder.resolve("data.csv"), "0,0\n0,0\n0,0\n");
        Path page = folder.resolve("page.html");
        Invocation sample = Invocation.of("sample", points(), "--beside", nothing, "--data", data, "--count", "20",
                "--report", page);
        assertThat(sample.exitCode()).isZero();
        assertThat(sample.out().lines().toList()).satisfies(lines -> {
            assertThat(lines.getFirst()).matches("model +error +over the first +distance");
            assertThat(lines.get(1)).matches(".*points.tern +0\\.\\d{5} +\\+0\\.0 % +-?\\d\\.\\d{5}");
            assertThat(lines.get(2)).matches(".*nothing.tern +1\\.\\d{5} +\\+\\d+\\.\\d % +\\d+\\.\\d{5}");
            assertThat(lines.get(4)).matches("by tenths of the steps( +\\d+){10}");
            assertThat(lines.getLast()).isEqualTo("wrote " + page);
        });
        // The data is at one point, so that there is no room around it: what was drawn elsewhere lies outside.
        assertThat(Files.readString(page)).contains("error of " + nothing, "points of the data", "points of " + nothing,
                "<h2>What was drawn</h2>", "20 of 20 lie outside").doesNotContain("NaN");
        assertThat(Invocation.of("sample", points(), "--beside", nothing, "--data", data, "--json").out())
                .contains("\"beside\" : [", "\"model\" : \"Nothing\"");
        assertThat(Invocation.of("sample", points(), "--beside", nothing).err())
                .startsWith("tern: --beside compares by real samples: name them with --data");
    }

    /** All models in the data's frame, so that they can be compared: a tenth of room, and points beyond are counted. */
    @Test
    void pointsAreDrawnWhereTheDataLies() {
        float[] data = {0, 0, 10, 20, 5, 10};
        Frame frame = Frame.around(data);
        assertThat(frame).isEqualTo(new Frame(-1, 11, -2, 22));
        assertThat(frame.holds(-1, 22)).isTrue();
        assertThat(frame.holds(-1.1f, 0)).isFalse();
        assertThat(frame.holds(Float.NaN, 0)).isFalse();
        assertThat(PointPlot.cloud("a & b", new float[]{-1, -2, 11, 22, 5, 10, 100, 0}, frame)).contains("a &amp; b",
                "cx=\"0.0\" cy=\"240.0\"", "cx=\"240.0\" cy=\"0.0\"", "cx=\"120.0\" cy=\"120.0\"")
                .satisfies(svg -> assertThat(svg.split("<circle")).hasSize(4));
    }

    @Test
    void modelsOfOtherSamplesAreNotCompared() throws IOException {
        Path other = Files.writeString(folder.resolve("other.tern"), """
                model Other(x: f32[2, 1], t: step[10]) -> (noise: f32[2, 1]) {
                    noise = x * 0
                }
                """);
        Path data = Files.writeString(folder.resolve("data.csv"), "0,0\n0,0\n0,0\n");
        assertThat(Invocation.of("sample", points(), "--beside", other, "--data", data).err())
                .contains("other.tern draws samples of shape [2, 1], ", "of [2]: they cannot be compared");
    }

    @Test
    void dataOfAnotherShapeIsNotCompared() throws IOException {
        assertThat(Invocation.of("sample", points(), "--data", Files.writeString(folder.resolve("three.csv"),
                "0,0,0,0\n0,0,0,0\n")).err()).startsWith("tern: the examples are [3], and the model's [2]\n");
        assertThat(Invocation.of("sample", points(), "--data", Files.writeString(folder.resolve("one.csv"), "0,0\n"))
                .err()).startsWith("tern: there are no two examples to compare with");
    }

    /** Noise of the deviation that the file records: a model that says x over it draws the origin. */
    @Test
    void noiseIsThatOfTheParametersFile() throws IOException {
        Path text = Files.writeString(folder.resolve("grown.tern"), """
                model Grown(x: f32[2], t: step[2]) -> (noise: f32[2]) {
                    parameters "grown.safetensors"
                    noise = x * (t |> embed(learned, 1))
                }
                """);
        Files.write(folder.resolve("grown.safetensors"), SafetensorsWriter.bytes(
                Map.of("noise.embed.weight", new Tensor.Floats(Shape.of(2, 1), new float[]{2, 0.125f})),
                Map.of("tern.noise", "0.5..8")));
        Path drawn = folder.resolve("drawn.csv");
        assertThat(Invocation.of("sample", text, "--count", "3", "-o", drawn).err()).isEmpty();
        assertThat(Files.readAllLines(drawn)).allMatch(line -> line.matches("-?0\\.0,-?0\\.0"));
        Files.write(folder.resolve("grown.safetensors"), SafetensorsWriter.bytes(
                Map.of("noise.embed.weight", new Tensor.Floats(Shape.of(2, 1), new float[]{2, 0.125f})),
                Map.of("tern.noise", "8..0.5")));
        assertThat(Invocation.of("sample", text).err()).contains("error[T0502]: noise grows from a deviation above 0",
                "tern.noise");
    }

    /** Errors of steps of other noise say nothing of one another. */
    @Test
    void modelsOfOtherNoiseAreNotCompared() throws IOException {
        Path data = Files.writeString(folder.resolve("data.csv"), "0,0\n0,0\n0,0\n");
        Path grown = Files.writeString(folder.resolve("grown.tern"),
                Files.readString(points()).replace("points.safetensors", "grown.safetensors"));
        Files.write(folder.resolve("grown.safetensors"), SafetensorsWriter.bytes(Map.of("noise.dense.weight",
                new Tensor.Floats(Shape.of(2, 4), new float[8])), Map.of("tern.noise", "0.5..8")));
        assertThat(Invocation.of("sample", points(), "--beside", grown, "--data", data).err())
                .contains("grown.tern was trained on noise of 0.5..8.0 in 10 steps, ",
                        "points.tern on noise that keeps the variance in 10 steps: their errors cannot be compared");
        Path longer = Files.writeString(folder.resolve("longer.tern"), """
                model Longer(x: f32[2], t: step[20]) -> (noise: f32[2]) {
                    noise = x * 0
                }
                """);
        assertThat(Invocation.of("sample", points(), "--beside", longer, "--data", data).err())
                .contains("longer.tern was trained on noise that keeps the variance in 20 steps, ");
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
        Path page = folder.resolve("page.html");
        assertThat(Invocation.of("sample", text, "--count", "5", "--report", page).exitCode()).isZero();
        assertThat(Files.readString(page)).contains("<div class=\"pictures sheets\">", "data:image/png;base64,");
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
