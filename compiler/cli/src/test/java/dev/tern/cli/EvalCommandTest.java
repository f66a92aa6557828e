package dev.tern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalCommandTest {
    /** Four pictures of 2x2 pixels; the third has the wrong label. */
    private static final int[] PIXELS = {255, 0, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 0, 255, 255};
    private static final int[] LABELS = {0, 1, 0, 2};

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void writeData() throws IOException {
        model = Fixture.model(folder);
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), idx(PIXELS, 4, 2, 2));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), idx(LABELS, 4));
    }

    private static byte[] idx(int[] elements, int... dimensions) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dimensions.length + elements.length);
        bytes.putInt(8 << 8 | dimensions.length);
        for (int dimension : dimensions) {
            bytes.putInt(dimension);
        }
        for (int element : elements) {
            bytes.put((byte) element);
        }
        return bytes.array();
    }

    @Test
    void countsWhatIsRight() {
        Invocation eval = Invocation.of("eval", model, "--data", folder);
        assertThat(eval.err()).isEmpty();
        assertThat(eval.out()).isEqualTo("""
                Brightest on 4 examples of %s
                  compiled class  75.00%%  (3 of 4)
                  float model     not measured: no parameters for it beside the model's
                """.formatted(folder));
        assertThat(eval.exitCode()).isZero();
    }

    @Test
    void measuresTheFloatModelBeside() throws IOException {
        Fixture.parameters(folder.resolve("brightest.float.safetensors"), -1);
        Invocation eval = Invocation.of("eval", model, "--data", folder, "--json");
        assertThat(eval.exitCode()).isZero();
        assertThat(eval.out()).contains("\"accuracy\" : 0.75", "\"floatAccuracy\" : 0.25");
    }

    @Test
    void showsClassesAndRanksAndAgreement() throws IOException {
        Fixture.parameters(folder.resolve("brightest.float.safetensors"), 2);
        Invocation eval = Invocation.of("eval", model, "--data", folder, "--top", 2, "--classes");
        // The third picture, labelled 0, has scores 0, 1, 0: the label comes second, before class 2.
        assertThat(eval.out()).isEqualTo("""
                Brightest on 4 examples of %s
                  compiled class  75.00%%  (3 of 4)
                    among 2       100.00%%  (4 of 4)
                  float model     75.00%%  (3 of 4)
                  both alike      100.00%%  (4 of 4)
                  top left        50.00%%  (1 of 2)
                  top right       100.00%%  (1 of 1)
                  below           100.00%%  (1 of 1)
                """.formatted(folder));
        assertThat(Invocation.of("eval", model, "--data", folder, "--json", "--classes").out())
                .contains("\"agreement\" : 1.0", "\"classes\" : [");
        assertThat(Invocation.of("eval", model, "--data", folder, "--top", 0).exitCode()).isEqualTo(2);
    }

    @Test
    void changesInputs() {
        // Everything black: all scores are 0, and the first is taken.
        assertThat(Invocation.of("eval", model, "--data", folder, "--scale", 0).out()).contains("50.00%  (2 of 4)");
        // Above the range 0..1 all is white: 1, 1, 1.
        assertThat(Invocation.of("eval", model, "--data", folder, "--brightness", 1).out())
                .contains("50.00%  (2 of 4)");
        assertThat(Invocation.of("eval", model, "--data", folder, "--scale", "NaN").exitCode()).isEqualTo(2);
        Invocation coloured = Invocation.of("eval", model, "--data", folder, "--scale", "1,2,3");
        assertThat(coloured.exitCode()).isEqualTo(2);
        assertThat(coloured.err()).startsWith(
                "tern: examples have 1 channel, and there are 3 numbers to change them by: [1.0, 2.0, 3.0]");
    }

    @Test
    void dataThatDoesNotFitIsReported() throws IOException {
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), idx(PIXELS, 4, 4, 1));
        assertThat(Invocation.of("eval", model, "--data", folder).exitCode()).isZero();
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), idx(new int[4], 4, 1, 1));
        Invocation small = Invocation.of("eval", model, "--data", folder);
        assertThat(small.exitCode()).isEqualTo(1);
        assertThat(small.err()).startsWith("error[T1007]: examples of [1, 1, 1] do not fit the inputs of model");
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), idx(PIXELS, 4, 2, 2));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), idx(new int[]{0, 1, 9, 2}, 4));
        Invocation label = Invocation.of("eval", model, "--data", folder);
        assertThat(label.err()).startsWith("error[T1007]: example 2 has the label 9, place: f32[3] gives scores for the"
                + " labels 0..2\n --> " + folder);
        Invocation absent = Invocation.of("eval", model, "--data", folder.resolve("nowhere"));
        assertThat(absent.exitCode()).isEqualTo(1);
        assertThat(absent.err()).startsWith("error[T1007]");
    }

    /**
     * Class 0: the first picture scores 1, the third, of its class, 0 as the two others do: half of its pairs and two
     * ties of four, 0.75. Class 1 has the third picture's tie: 5/6. Class 2 is told apart.
     */
    @Test
    void showsTheAreaTheWorstAndTheNoise() {
        Invocation eval = Invocation.of("eval", model, "--data", folder, "--auc", "--worst", 5, "--noise");
        assertThat(eval.err()).isEmpty();
        assertThat(eval.out()).endsWith("""
                  AUC             0.8611
                  example 2       is top left, answered top right
                  place.dense                     exact
                """);
        Invocation json = Invocation.of("eval", model, "--data", folder, "--auc", "--worst", 5, "--noise", "--json");
        assertThat(json.out()).contains("\"auc\" : 0.861", "\"place.dense\" : null").containsPattern(
                "\"worst\" : \\[\\s*2\\s*]");
    }

    /** Examples have the numbers of the data, whichever are taken of it. */
    @Test
    void someOfTheExamplesKeepTheirNumbers() {
        Invocation some = Invocation.of("eval", model, "--data", folder, "--examples", "1..3", "--worst", 5);
        assertThat(some.out()).contains(" on 3 examples of ", "  example 2       is top left, answered top right\n");
        Path page = folder.resolve("report.html");
        assertThat(Invocation.of("eval", model, "--data", folder, "--examples", "2..3", "--worst", 1, "--json",
                "--report", page).out()).containsPattern("\"worst\" : \\[\\s*2\\s*]");
        assertThat(page).content().contains("#2: top left, answered top right");
    }

    /** Names are the model's, else the data's, else the classes are counted. */
    @Test
    void classesGoByTheirNames() throws IOException {
        Path two = Files.writeString(folder.resolve("two.tern"), """
                model Two(x: f32[2]) -> (y: f32[2]) {
                    y = x * 1
                }
                """);
        Path words = Files.writeString(folder.resolve("words.csv"), "1,0,yes\n0,1,yes\n1,0,no\n");
        Invocation named = Invocation.of("eval", two, "--data", words, "--classes", "--worst", 3);
        assertThat(named.out()).contains("  no              100.00%  (1 of 1)\n",
                "  yes             50.00%  (1 of 2)\n",
                "  example 0       is yes, answered no\n");
        assertThat(Invocation.of("eval", two, "--data", words, "--classes", "--json").out())
                .containsPattern("\"class\" : 0,\\s*\"name\" : \"no\"");
        Path numbers = Files.writeString(folder.resolve("numbers.csv"), "1,0,1\n0,1,1\n1,0,0\n");
        assertThat(Invocation.of("eval", two, "--data", numbers, "--classes").out())
                .contains("  class 0         100.00%  (1 of 1)\n");
    }

    /** A denoiser of points at 0: right at the first step, and at the second it says the noise twice over. */
    @Test
    void examplesOfModelsThatPredictNoiseGetIt() throws IOException {
        Path grown = Files.writeString(folder.resolve("grown.tern"), """
                model Grown(x: f32[2], t: step[2]) -> (noise: f32[2]) {
                    parameters "grown.safetensors"
                    noise = x * (t |> embed(learned, 1))
                }
                """);
        Files.write(folder.resolve("grown.safetensors"), SafetensorsWriter.bytes(
                Map.of("noise.embed.weight", new Tensor.Floats(Shape.of(2, 1), new float[]{2, 0.25f})),
                Map.of("tern.noise", "0.5..8")));
        Path data = Files.writeString(folder.resolve("zeros.csv"), "0,0\n0,0\n0,0\n");
        Path page = folder.resolve("report.html");
        Invocation eval = Invocation.of("eval", grown, "--data", data, "--classes", "--worst", 1, "--report", page);
        assertThat(eval.err()).isEmpty();
        assertThat(eval.out()).startsWith("Grown on 80 examples of ").contains(
                "  step 0          mean squared error 0.00000, 100.0 % of the variance explained\n");
        // The mean square of 80 draws of a deviation of 1.
        assertThat(eval.out()).containsPattern("  step 1          mean squared error (0\\.[6-9]|1\\.[0-4])");
        assertThat(eval.out()).containsPattern("  example [012] at step 1 +mean squared error ");
        assertThat(page).content().contains("<h2>By the step</h2>", "<td>step 1</td>").doesNotContain("number 0");
        // Where the data has the steps, it is taken as it is.
        Path archive = NpyFile.archive(folder.resolve("noisy.npz"), Map.of(
                "x", NpyFile.bytes(new int[]{2, 2}, 1, 2, 8, 8), "t", NpyFile.bytes(new int[]{2}, 0, 1),
                "y", NpyFile.bytes(new int[]{2, 2}, 2, 4, 1, 1)));
        assertThat(Invocation.of("eval", grown, "--data", archive, "--classes").out()).contains(
                "Grown on 2 examples of ", "  step 0          mean squared error 0.00000",
                "  step 1          mean squared error 1.00000");
    }

    /** Ternary weights are far from the float ones that the file holds. */
    @Test
    void noiseIsThatOfTheLayersResult() throws IOException {
        Files.writeString(model, Fixture.TEXT.replace("weights: int(8)", "weights: binary"));
        assertThat(Invocation.of("eval", model, "--data", folder, "--noise").out()).containsPattern(
                "place.dense +-?\\d+\\.\\d dB, of activations alone exact\n");
    }

    @Test
    void writesAPageWithPlots() throws IOException {
        Path page = folder.resolve("report.html");
        Invocation eval = Invocation.of("eval", model, "--data", folder, "--report", page);
        assertThat(eval.err()).isEmpty();
        assertThat(page).content().contains("<h1>Brightest on 4 examples of ", "<td>75.00 %</td>", ">top left</text>",
                "data:image/png;base64,", "#2: top left, answered top right", ">exact</text>").endsWith("</html>\n");
    }

    /** A model that gives its input back, doubled: the error is the mean square of the pixels. */
    @Test
    void measuresModelsThatGiveNumbers() throws IOException {
        Path twice = Files.writeString(folder.resolve("twice.tern"), """
                model Twice(x: f32[2]) -> (y: f32[2]) {
                    y = 2 * x
                }
                """);
        Path data = NpyFile.write(folder.resolve("x.npy"), new int[]{3, 2}, 1, 1, 0, 0, 2, 0);
        Invocation eval = Invocation.of("eval", twice, "--data", data, "--worst", 2);
        assertThat(eval.err()).isEmpty();
        assertThat(eval.out()).isEqualTo("""
                Twice on 3 examples of %s
                  compiled class  mean squared error 1.00000, -125.0 %% of the variance explained
                  example 2       mean squared error 2.00000
                  example 0       mean squared error 1.00000
                """.formatted(data));
        Path three = Files.writeString(folder.resolve("three.tern"), Files.readString(twice).replace("[2]", "[3]"));
        Path table = Files.writeString(folder.resolve("t.csv"), "1,1,1,0\n0,0,0,0\n2,0,0,1\n");
        assertThat(Invocation.of("eval", three, "--data", table, "--auc").out()).contains("AUC 1.0000");
        // Two numbers and two classes: these are scores.
        Path two = Files.writeString(folder.resolve("two.csv"), "1,0,0\n0,1,1\n2,0,1\n");
        assertThat(Invocation.of("eval", twice, "--data", two).out()).contains("66.67%  (2 of 3)");
        assertThat(Invocation.of("eval", twice, "--data", data, "--classes").out()).contains("""
                  number 0        mean squared error 1.66667, -150.0 % of the variance explained
                  number 1        mean squared error 0.333333, -50.0 % of the variance explained
                """);
        assertThat(Invocation.of("eval", twice, "--data", data, "--top", 1).err())
                .startsWith("tern: --top is for classes, and this model gives numbers");
    }

    /** Points and numbers of a regression, pictures given back, and rows of numbers as lines. */
    @Test
    void writesAPageForModelsThatGiveNumbers() throws IOException {
        Path sum = Files.writeString(folder.resolve("sum.tern"), """
                model Sum(x: f32[2]) -> (y: f32[1]) {
                    y = x |> reduce(sum, [0]) |> reshape([1])
                }
                """);
        Path table = Files.writeString(folder.resolve("t.csv"), "1,1,2.5\n0,0,0\n2,0.5,2\n");
        Path page = folder.resolve("report.html");
        Invocation regression = Invocation.of("eval", sum, "--data", table, "--report", page);
        assertThat(regression.err()).isEmpty();
        assertThat(page).content().contains("<h1>Sum on 3 examples of ", "<td>0.1667</td>", "<circle ",
                "<td>0</td><td>0.2500</td><td>2.500</td><td>2.000</td>").endsWith("</html>\n");
        Path back = Files.writeString(folder.resolve("back.tern"), """
                model Back(image: f32[2, 2]) -> (y: f32[2, 2]) {
                    y = 0.5 * image
                }
                """);
        assertThat(Invocation.of("eval", back, "--data", folder, "--report", page).err()).isEmpty();
        assertThat(page).content().contains("data:image/png;base64,", "<td>class 0</td>", "2 examples");
        Path rows = Files.writeString(folder.resolve("rows.tern"), """
                model Rows(x: f32[16]) -> (y: f32[16]) {
                    y = 0.5 * x
                }
                """);
        Path data = NpyFile.write(folder.resolve("rows.npy"), new int[]{1, 16}, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
                12, 13, 14, 15);
        assertThat(Invocation.of("eval", rows, "--data", data, "--report", page).err()).isEmpty();
        assertThat(page).content().contains("class=\"wanted\" d=\"M0.0 100.0 L16.0 93.3", "class=\"given\"");
    }

    /** int8 networks of TFLite have no float network beside them; the page does without its noise. */
    @Test
    void modelsOfCodesAloneSayWhatToDo() throws IOException {
        Path codes = Files.writeString(folder.resolve("codes.tern"), """
                model Codes(image: f32[2, 2]) -> (place: f32[3]) {
                    parameters "brightest.safetensors"
                    place = image
                        |> flatten
                        |> dense(3, weights: int(4), activations: static(8, scale: 0.5))
                        |> requantize(static(8, scale: 0.25))
                }
                """);
        Invocation noise = Invocation.of("eval", codes, "--data", folder, "--noise");
        assertThat(noise.err()).isEqualTo("""
                error[T0905]: the model computes on codes alone, so there is no float network beside it
                 --> %s:6:12
                  |
                6 |         |> requantize(static(8, scale: 0.25))
                  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ codes in, codes out
                  = help: start from the float model that it was made of: import that file and quantize it
                """.formatted(codes));
        Path page = folder.resolve("report.html");
        Invocation report = Invocation.of("eval", codes, "--data", folder, "--report", page);
        assertThat(report.err()).isEmpty();
        assertThat(page).exists();
        Path table = Files.writeString(folder.resolve("table.csv"), "1,0,0,0,0\n0,1,0,0,1\n");
        Invocation quantize = Invocation.of("quantize", codes, "--data", table, "-o", folder.resolve("out"));
        assertThat(quantize.err()).contains("start from the float model that it was made of");
    }
}
