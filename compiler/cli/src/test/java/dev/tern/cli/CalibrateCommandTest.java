package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.safetensors.SafetensorsWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrateCommandTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path data;

    @BeforeEach
    void writeModel() throws IOException {
        model = Fixture.model(folder);
        Files.writeString(model, Fixture.TEXT.replace("static(8, 0..1)", "static(2, calibrated)"));
        data = array(0, 1, 2, 3, -1, 0, 0, 0, 0, 0, 5, 0);
    }

    /** Samples of four pixels. */
    private Path array(float... values) throws IOException {
        return NpyFile.write(folder.resolve("samples.npy"), new int[]{values.length / 4, 2, 2, 1}, values);
    }

    @Test
    void writesTheRangeThatTheModelThenRunsWith() throws IOException {
        assertThat(Invocation.of("check", model).err()).contains("place.dense.range");
        Invocation calibrate = Invocation.of("calibrate", model, "--data", data);
        assertThat(calibrate.err()).isEmpty();
        assertThat(calibrate.exitCode()).isZero();
        // At -1..5 a step is 2 and the zero point rint(0.5) = 0: 0 0 2 4 | 0 0 0 0 | 0 0 4 0, by rounding half to
        // even; the noise is 1 + 1 + 1 + 1 of 40.
        assertThat(calibrate.out()).contains("place.dense.range  minmax     2  -1.000  5.000  -1.000     5.000",
                "10.0 dB")
                .endsWith(folder.resolve("brightest.safetensors") + "\n");
        assertThat(Invocation.of("check", model).exitCode()).isZero();
        byte[] written = Files.readAllBytes(folder.resolve("brightest.safetensors"));
        assertThat(new String(written, StandardCharsets.ISO_8859_1)).contains("\"tern.layout\":\"tern\"");
        assertThat(Invocation.of("calibrate", model, "--data", data).exitCode()).isZero();
        assertThat(Files.readAllBytes(folder.resolve("brightest.safetensors"))).isEqualTo(written);
    }

    @Test
    void comparesStaticWithDynamic() {
        Invocation calibrate = Invocation.of("calibrate", model, "--data", data, "--rule", "auto", "--compare");
        assertThat(calibrate.err()).isEmpty();
        assertThat(calibrate.out()).contains("static / dynamic", "x 0.25", "x 4.0", "-0.25", "+0.25");
    }

    /** Pictures of another size, and values as the model was trained on them. */
    @Test
    void samplesAreMadeToFit() throws IOException {
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        BufferedImage grey = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 16; i++) {
            grey.getRaster().setSample(i % 4, i / 4, 0, 51);
        }
        ImageIO.write(grey, "png", Files.createDirectories(pictures.resolve("a")).resolve("grey.png").toFile());
        assertThat(Invocation.of("calibrate", model, "--data", pictures).exitCode()).isEqualTo(1);
        Invocation fitted = Invocation.of("calibrate", model, "--data", pictures, "--resize", "--scale", 10,
                "--brightness", 1);
        assertThat(fitted.err()).isEmpty();
        // A fifth of white, ten times, and 1.
        assertThat(fitted.out()).contains("minmax     2  0.000  3.000");
    }

    /** Channels of 1..-3 and 0..7 get 3 bits each: their steps are 3 / 3 and 7 / 3. */
    @Test
    void eachChannelGetsARangeOfItsOwn() throws IOException {
        Path channels = Files.writeString(folder.resolve("channels.tern"), """
                model Channels(x: f32[1, 2, 2]) -> (y: f32[1, 2, 2]) {
                    parameters "channels.safetensors"
                    default weights: int(8, scale: none), activations: static(3, calibrated, per: channel)
                    y = x |> depthwise(1x1)
                }
                """);
        assertThat(Invocation.of("init", channels).exitCode()).isZero();
        Path samples = NpyFile.write(folder.resolve("channels.npy"), new int[]{2, 1, 2, 2},
                new float[]{1, 7, -3, 0, 0, 2, 0, 1});
        Invocation calibrate = Invocation.of("calibrate", channels, "--data", samples);
        assertThat(calibrate.err()).isEmpty();
        assertThat(calibrate.out()).contains("y.depthwise.ranges[0]  minmax     3  -3.000  1.000",
                "y.depthwise.ranges[1]  minmax     3   0.000  7.000");
        assertThat(Invocation.of("verify", channels).out()).contains("everywhere the bits that the model means");
    }

    /** Samples of a model that predicts noise hold none: they get that of the parameters file, at every step alike. */
    @Test
    void samplesGetTheNoiseThatTheModelWasTrainedOn() throws IOException {
        Path denoiser = Files.writeString(folder.resolve("denoiser.tern"), """
                model Denoiser(x: f32[1], t: step[2]) -> (noise: f32[1]) {
                    parameters "denoiser.safetensors"
                    noise = (x |> dense(1, weights: int(8), activations: static(8, calibrated))) * 1
                }
                """);
        Path parameters = folder.resolve("denoiser.safetensors");
        Map<String, Tensor.Floats> weights = Map.of("noise.dense.weight", new Tensor.Floats(Shape.of(1, 1),
                new float[]{1}));
        Files.write(parameters, SafetensorsWriter.bytes(weights, Map.of("tern.noise", "1..100")));
        Path samples = Files.writeString(folder.resolve("samples.csv"), "1000\n-1000\n");
        double[] grown = range(denoiser, samples);
        // Half of 256 samples have a deviation of 1, half one of 100: about 2.5 of these on either side.
        assertThat(grown[0]).isBetween(-1400.0, -1150.0);
        assertThat(grown[1]).isBetween(1150.0, 1400.0);
        assertThat(range(denoiser, samples)).as("again").isEqualTo(grown);
        assertThat(new String(Files.readAllBytes(parameters), StandardCharsets.ISO_8859_1)).as("still recorded")
                .contains("\"tern.noise\":\"1..100\"");
        // Without a record the variance is kept: at the first of two steps a 40th of the sample is taken off.
        Files.write(parameters, SafetensorsWriter.bytes(weights));
        assertThat(range(denoiser, samples)[1]).isBetween(970.0, 980.0);
    }

    private static double[] range(Path model, Path samples) {
        Invocation calibrate = Invocation.of("calibrate", model, "--data", samples, "--json");
        assertThat(calibrate.exitCode()).isZero();
        return Pattern.compile("\"(?:low|high)\" : (-?[0-9.]+)").matcher(calibrate.out()).results()
                .mapToDouble(found -> Double.parseDouble(found.group(1))).toArray();
    }

    @Test
    void inJson() {
        Invocation calibrate = Invocation.of("calibrate", model, "--data", data, "--json");
        assertThat(calibrate.out()).contains("\"range\" : \"place.dense.range\"", "\"low\" : -1.0", "\"high\" : 5.0",
                "\"inSample\" : 2");
    }

    @Test
    void badDataIsNamedAndNothingIsWritten() throws IOException {
        byte[] before = Files.readAllBytes(folder.resolve("brightest.safetensors"));
        Invocation nan = Invocation.of("calibrate", model, "--data", array(0, 0, 0, 0, 0, Float.NaN, 0, 0));
        assertThat(nan.exitCode()).isEqualTo(1);
        assertThat(nan.err()).startsWith("error[T1007]: samples.npy has NaN in example 1 at element 1").contains(
                "samples.npy");
        Path text = Files.writeString(folder.resolve("text.npy"), "no array");
        assertThat(Invocation.of("calibrate", model, "--data", text).exitCode()).isEqualTo(1);
        assertThat(Files.readAllBytes(folder.resolve("brightest.safetensors"))).isEqualTo(before);
    }

    @Test
    void wrongUsage() throws IOException {
        assertThat(Invocation.of("calibrate", model, "--data", data, "--rule", "best").err())
                .startsWith("tern: there is no rule 'best': minmax, percentile, mse, entropy or auto");
        assertThat(Invocation.of("calibrate", model, "--data", data, "--samples", "0").exitCode()).isEqualTo(2);
        Files.writeString(model, Fixture.TEXT);
        Invocation nothing = Invocation.of("calibrate", model, "--data", data);
        assertThat(nothing.exitCode()).isEqualTo(2);
        assertThat(nothing.err()).startsWith("tern: the model has nothing to calibrate");
    }
}
