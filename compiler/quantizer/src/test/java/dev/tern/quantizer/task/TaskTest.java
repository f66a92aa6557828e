package dev.tern.quantizer.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.safetensors.SafetensorsWriter;
import dev.tern.quantizer.EpochReport;
import dev.tern.quantizer.TrainingSettings;
import dev.tern.quantizer.calibration.Range;
import dev.tern.quantizer.dataset.Distortion;
import dev.tern.quantizer.evaluation.Answers;
import dev.tern.quantizer.evaluation.NumberErrors;
import dev.tern.quantizer.evaluation.RightByRanges;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line does, called with data at hand. */
class TaskTest {
    @TempDir
    private Path folder;

    private Path model(String body) throws IOException {
        Files.write(folder.resolve("two.safetensors"), SafetensorsWriter.bytes(Map.of("y.dense.weight",
                new Tensor.Floats(Shape.of(2, 3), new float[]{1, 0, 0, 0, 1, 0}))));
        return Files.writeString(folder.resolve("two.tern"), """
                model Two(x: f32[3]) -> (y: f32[2]) {
                    parameters "two.safetensors"
                    y = x |> dense(2, bias: false%s)
                }
                """.formatted(body));
    }

    private static Dataset examples(Dataset.Targets targets) {
        return new Dataset("at hand", Shape.of(3), new Dataset.Values.Numbers(new float[]{3, 1, 0, 0, 2, 0, 5, 4, 0}),
                targets);
    }

    private static Dataset labelled(int... labels) {
        return examples(new Dataset.Targets.Classes(labels, List.of()));
    }

    @Test
    void evaluatesClassesAndNumbers() throws IOException {
        Evaluation.Result classes = Evaluation.of(model("")).data(labelled(0, 1, 1)).run();
        assertThat(((Answers) classes.compiled()).top(1).correct()).isEqualTo(2);
        assertThat(classes.compiled().worst(3)).containsExactly(2);
        assertThat(classes.floats()).isEmpty();
        Evaluation.Result numbers = Evaluation.of(model("")).data(examples(new Dataset.Targets.Numbers(Shape.of(2),
                new float[]{3, 1, 0, 0, 5, 4}))).run();
        // One number of six is off by 2.
        assertThat(((NumberErrors) numbers.compiled()).mean()).isEqualTo(4 / 6.0);
        assertThat(numbers.compiled().worst(1)).containsExactly(1);
    }

    @Test
    void takesSomeOfTheExamples() throws IOException {
        Evaluation some = Evaluation.of(model("")).data(labelled(0, 1, 1)).examples("0..1");
        assertThat(((Answers) some.run().compiled()).top(1).share()).isEqualTo(1);
        // 3 and 1 become -3 and -1.
        assertThat(((Answers) some.changed(-1, 0).run().compiled()).top(1).share()).isEqualTo(0);
        assertThatThrownBy(() -> some.examples("1..3").run()).isInstanceOf(CompilationFailedException.class)
                .hasMessageContaining("examples 1..3: there are the examples 0..2");
        assertThatIllegalArgumentException().isThrownBy(() -> some.changed(Float.NaN, 0));
    }

    @Test
    void calibratesIntoAnotherFile() throws IOException {
        Path model = model(", activations: static(2, calibrated)");
        Calibration.Result result = Calibration.of(model).data(labelled(0, 1, 1)).run();
        assertThat(result.ranges().getFirst().range().low()).isEqualTo(0);
        assertThat(result.ranges().getFirst().range().high()).isEqualTo(5);
        byte[] before = Files.readAllBytes(folder.resolve("two.safetensors"));
        Path other = result.write(folder.resolve("below/other.safetensors"));
        assertThat(other).hasBinaryContent(result.numbers());
        assertThat(folder.resolve("two.safetensors")).hasBinaryContent(before);
        assertThat(result.write()).isEqualTo(folder.resolve("two.safetensors")).hasBinaryContent(result.numbers());
        // At 0..5 a step is 5/3: 3 and 1 become 2 and 1 steps, 0 and 2 become 0 and 1, 5 and 4 become 3 and 2.
        assertThat(((Answers) Evaluation.of(model).data(labelled(0, 1, 0)).run().compiled()).top(1).correct())
                .isEqualTo(3);
    }

    /**
     * Trained weights are what their codes stand for: 1, 0.2 and 0 have the codes 1, 0, 0 and the scale 1, and by the
     * two signs -2 and 1 have scales of their own.
     */
    @Test
    void rangesAreThoseOfWhatTheModelComputes() throws IOException {
        assertThat(rangeBehind("ternary(twn)", 1, 0.2f, 0)).containsExactly(0, 5);
        assertThat(rangeBehind("ternary(ttq, 0.3)", 1, -2, 0.5f)).containsExactly(-4, 1);
        assertThat(rangeBehind("float", 1, 0.2f, 0)).containsExactly(0, 5.8f);
    }

    private float[] rangeBehind(String weights, float... numbers) throws IOException {
        Files.write(folder.resolve("deep.safetensors"), SafetensorsWriter.bytes(Map.of(
                "h.dense.weight", new Tensor.Floats(Shape.of(1, 3), numbers),
                "y.dense.weight", new Tensor.Floats(Shape.of(1, 1), new float[]{1}))));
        Path deep = Files.writeString(folder.resolve("deep.tern"), """
                model Deep(x: f32[3]) -> (y: f32[1]) {
                    parameters "deep.safetensors"
                    h = x |> dense(1, weights: %s)
                    y = h |> dense(1, activations: static(8, calibrated))
                }
                """.formatted(weights));
        Range range = Calibration.of(deep).data(labelled(0, 1, 1)).run().ranges().getFirst().range();
        return new float[]{range.low(), range.high()};
    }

    /** Ranges of bright pictures leave a dark one no codes, which a range of its own gives it. */
    @Test
    void aDarkPictureIsReadWithARangeOfItsOwn() throws IOException {
        Files.write(folder.resolve("train-images-idx3-ubyte"), idx(0x803, 2, 1, 3, 255, 0, 0, 0, 255, 0));
        Files.write(folder.resolve("train-labels-idx1-ubyte"), idx(0x801, 2, 0, 1));
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), idx(0x803, 1, 1, 3, 10, 40, 0));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), idx(0x801, 1, 1));
        Calibration calibration = Calibration.of(model(", activations: static(2, calibrated)")).data(folder);
        assertThat(calibration.run().answers()).isEmpty();
        Map<String, RightByRanges> answers = calibration.comparing(true).run().answers();
        assertThat(answers.keySet()).containsExactly("x 0.25", "x 0.5", "x 1.0", "x 2.0", "x 4.0", "-0.25", "+0.25");
        answers.forEach((change, right) -> {
            assertThat(right.real().correct()).as(change).isEqualTo(1);
            // In steps of a third 10 and 40 of 255 are 0 both; twice as bright they are 0 and 1.
            assertThat(right.fixed().correct()).as(change).isEqualTo(change.equals("x 4.0")
                    || change.equals("x 2.0") ? 1 : 0);
            assertThat(right.dynamic().correct()).as(change).isEqualTo(1);
        });
    }

    /** How values are made before the model sees them can be said in its text: whoever has the class alone reads it. */
    @Test
    void whatComesBeforeTheModelTravelsInItsSignature() throws IOException {
        Path said = Files.writeString(folder.resolve("said.tern"), """
                /// Takes features times 0.5847029 less 48.530341.
                model Said(x: f32[2]) -> (y: f32[2]) {
                    y = x * 2
                }
                """);
        assertThat(Compilation.of(said).model().signature().documentation())
                .isEqualTo("Takes features times 0.5847029 less 48.530341.");
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        Path model = model("");
        assertThatIllegalArgumentException().isThrownBy(() -> Calibration.of(model).data(labelled(0, 1, 1)).run())
                .withMessageContaining("nothing to calibrate");
        assertThatIllegalArgumentException().isThrownBy(() -> Evaluation.of(model).run())
                .withMessageContaining("no data");
        assertThatIllegalArgumentException().isThrownBy(() -> Training.of(model).data(labelled(0, 1, 1)).run())
                .withMessageContaining("how to train");
        assertThatIllegalArgumentException().isThrownBy(() -> Quantization.of(model).data(labelled(0, 1, 1))
                .weights("int(4)").budget(10).run()).withMessageContaining("under a budget");
    }

    @Test
    void quantizesByExamplesAtHand() throws IOException {
        Quantization.Result result = Quantization.of(model("")).data(labelled(0, 1, 1)).weights("ternary(twn)")
                .name("small").run();
        assertThat(result.samples()).isEqualTo(3);
        assertThat(result.write(folder.resolve("out"))).containsExactly(folder.resolve("out/small.tern"),
                folder.resolve("out/small.safetensors"));
        // Weights of one magnitude are ternary already.
        assertThat(((Answers) Evaluation.of(folder.resolve("out/small.tern")).data(labelled(0, 1, 0)).run()
                .compiled()).top(1).correct()).isEqualTo(3);
    }

    @Test
    void picturesAreMadeToFitToQuantizeAndToCalibrate() throws IOException {
        Files.write(folder.resolve("train-images-idx3-ubyte"), idx(0x803, 1, 2, 4, 9, 1, 2, 3, 8, 1, 7, 2));
        Files.write(folder.resolve("train-labels-idx1-ubyte"), idx(0x801, 1, 0));
        Files.write(folder.resolve("row.safetensors"), SafetensorsWriter.bytes(Map.of("y.dense.weight",
                new Tensor.Floats(Shape.of(2, 2), new float[]{1, 0, 0, 1}))));
        String text = """
                model Row(x: f32[1, 2, 1]) -> (y: f32[2]) {
                    parameters "row.safetensors"
                    y = x |> flatten |> dense(2, activations: float)
                }
                """;
        Path row = Files.writeString(folder.resolve("row.tern"), text);
        Quantization quantization = Quantization.of(row).data(folder).weights("int(4)").activations("dynamic(8)");
        assertThatThrownBy(quantization::run).hasMessageContaining(
                "samples of [2, 4, 1] do not fit the input f32[1, 2, 1]; --resize makes pictures fit");
        assertThat(quantization.resizing(true).run().samples()).isEqualTo(1);
        Files.writeString(row, text.replace("float)", "static(8, calibrated))"));
        assertThat(Calibration.of(row).data(folder).resizing(true).run().ranges()).hasSize(1);
    }

    @Test
    void allExamplesAreComparedWhereNoneAreHeldOut() throws IOException {
        Training.Result trained = Training.of(model("")).data(labelled(0, 1, 1)).settings(settings(1, 0)).run();
        assertThat(trained.heldOut().loss()).isNaN();
        assertThat(trained.agreement().examples()).isEqualTo(3);
    }

    @Test
    void theTestPartIsCompared() throws IOException {
        Files.write(folder.resolve("train-images-idx3-ubyte"), idx(0x803, 3, 1, 3, 9, 1, 2, 3, 8, 1, 7, 2, 3));
        Files.write(folder.resolve("train-labels-idx1-ubyte"), idx(0x801, 3, 0, 1, 0));
        Training training = Training.of(model("")).data(folder).settings(settings(1, 0));
        assertThat(training.run().test()).isEmpty();
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), idx(0x803, 2, 1, 3, 9, 1, 2, 3, 8, 1));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), idx(0x801, 2, 0, 1));
        assertThat(training.run().test().orElseThrow().examples()).isEqualTo(2);
    }

    /** Both parts of the data are trained on, but for a picture that is in the other folder as JPEG might leave it. */
    @Test
    void whatIsTestedByElsewhereIsNotTrainedOn() throws IOException {
        Files.write(folder.resolve("train-images-idx3-ubyte"), idx(0x803, 2, 1, 3, 90, 10, 20, 30, 80, 10));
        Files.write(folder.resolve("train-labels-idx1-ubyte"), idx(0x801, 2, 0, 1));
        Files.write(folder.resolve("t10k-images-idx3-ubyte"), idx(0x803, 2, 1, 3, 70, 20, 30, 200, 8, 100));
        Files.write(folder.resolve("t10k-labels-idx1-ubyte"), idx(0x801, 2, 0, 0));
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.write(other.resolve("t10k-images-idx3-ubyte"), idx(0x803, 1, 1, 3, 30, 100, 20));
        Files.write(other.resolve("t10k-labels-idx1-ubyte"), idx(0x801, 1, 1));
        List<Integer> told = new ArrayList<>();
        Training training = Training.of(model("")).data(folder).testedBy(other).settings(settings(1, 0))
                .listener(new Training.Listener() {
                    @Override
                    public void leavesOut(int copies, int trainedOn) {
                        told.addAll(List.of(copies, trainedOn));
                    }

                    @Override
                    public void epoch(EpochReport report) {
                        // Only what is left out is asked for.
                    }
                });
        Training.Result trained = training.run();
        // 30, 80, 10 is 17 from 30, 100, 20 by the root of the mean square of 20 and 10; the others are further off.
        assertThat(told).containsExactly(1, 3);
        assertThat(trained.agreement().examples()).isEqualTo(3);
        assertThat(trained.test().orElseThrow().examples()).isEqualTo(1);
        Files.write(other.resolve("train-images-idx3-ubyte"), idx(0x803, 1, 1, 3, 30, 100, 21));
        Files.write(other.resolve("train-labels-idx1-ubyte"), idx(0x801, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> training.data(other).run())
                .withMessageContaining("all examples of " + other + " are among those to test by");
    }

    /** An IDX file: of the numbers, as many as the magic number says are dimensions. */
    private static byte[] idx(int magic, int... numbers) {
        int rank = magic & 0xff;
        ByteBuffer file = ByteBuffer.allocate(4 + 4 * rank + numbers.length - rank).putInt(magic);
        for (int i = 0; i < numbers.length; i++) {
            if (i < rank) {
                file.putInt(numbers[i]);
            } else {
                file.put((byte) numbers[i]);
            }
        }
        return file.array();
    }

    @Test
    void aStartAtRandomIsTold() throws IOException {
        Path model = model("");
        Training training = Training.of(model).data(labelled(0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> training.settings(settings(0, 0)).run())
                .withMessageStartingWith("with 0 epochs nothing is learned");
        List<Path> replaced = new ArrayList<>();
        Training.Listener listener = new Training.Listener() {
            @Override
            public void replaces(Path parameters) {
                replaced.add(parameters);
            }

            @Override
            public void epoch(EpochReport report) {
                assertThat(report.epochs()).isEqualTo(1);
            }
        };
        Path own = folder.resolve("two.safetensors");
        training.settings(settings(1, 0)).listener(listener).to(folder.resolve("new.safetensors")).run();
        training.to(own).startingFrom(own).run();
        assertThat(replaced).isEmpty();
        training.startingFrom(null).run();
        assertThat(replaced).containsExactly(own);
    }

    @Test
    void whatGivesItsInputBackHasNoUseForClasses() throws IOException {
        Path again = Files.writeString(folder.resolve("again.tern"), """
                model Again(x: f32[3]) -> (y: f32[3]) {
                    parameters "again.safetensors"
                    y = x |> dense(3, bias: false)
                }
                """);
        Training.Result back = Training.of(again).data(labelled(0, 1, 1)).settings(settings(400, 0)).run();
        assertThat(((NumberErrors) Evaluation.of(again).data(labelled(0, 1, 1)).run().compiled()).mean())
                .isLessThan(0.1);
        assertThat(back.heldOut().accuracy()).isNaN();
        // Of three classes three scores are told apart.
        Training.of(again).data(labelled(0, 1, 2)).settings(settings(400, 0)).run();
        assertThat(((Answers) Evaluation.of(again).data(labelled(0, 1, 2)).run().compiled()).top(1).correct())
                .isEqualTo(3);
    }

    private static TrainingSettings settings(int epochs, int heldOut) {
        return new TrainingSettings(TrainingSettings.Course.of(epochs, 3, 1, heldOut),
                TrainingSettings.Descent.adam(0.05f), TrainingSettings.Variation.NONE, TrainingSettings.ALL);
    }

    @Test
    void examplesOfSeveralInputsAreRows() throws IOException {
        Path both = Files.writeString(folder.resolve("both.tern"), """
                model Both(a: f32[2], b: f32[1]) -> (y: f32[2]) {
                    parameters "both.safetensors"
                    y = concat(a, b) |> dense(2, weights: int(8), activations: dynamic(8))
                }
                """);
        // What is known of the third example is in the second input alone.
        Dataset rows = new Dataset("rows", Shape.of(3), new Dataset.Values.Numbers(new float[]{3, 1, 0, 1, 2, 0, 2, 3,
            2, 3, 1, 0}), new Dataset.Targets.Classes(new int[]{0, 1, 0, 0}, List.of()));
        Training.Result trained = Training.of(both).data(rows).settings(settings(300, 1)).run();
        assertThat(trained.agreement().examples()).isEqualTo(1);
        assertThat(trained.agreement().different()).isEmpty();
        assertThat(((Answers) Evaluation.of(both).data(rows).run().compiled()).top(1).correct()).isEqualTo(4);
        assertThatIllegalArgumentException().isThrownBy(() -> Training.of(both).data(rows).settings(
                new TrainingSettings(TrainingSettings.Course.of(1, 3, 1, 0), TrainingSettings.Descent.adam(0.05f),
                        new TrainingSettings.Variation(new Distortion(1, 0, 0), 0, 0), TrainingSettings.ALL)).run())
                .withMessageContaining("the model has several inputs");
    }

    /** The noise of samples that were held out, by the compiled class and the trained network. */
    @Test
    void modelsThatTellNoiseAreMeasuredOnWhatIsHeldOut() throws IOException {
        Path noise = Files.writeString(folder.resolve("noise.tern"), """
                model Noise(x: f32[3], t: step[20]) -> (noise: f32[3]) {
                    parameters "noise.safetensors"
                    default weights: int(8), activations: tdq(4, step: t)
                    h     = concat(x |> dense(8, bias: true), t |> embed(sinusoidal, 8)) |> relu
                    noise = h |> dense(3, bias: true)
                }
                """);
        Training.Result trained = Training.of(noise).data(labelled(0, 1, 1)).settings(settings(2, 1)).run();
        assertThat(trained.agreement().examples()).isEqualTo(1000);
        assertThat(trained.agreement().different()).isEmpty();
        assertThat(trained.heldOut().loss()).isPositive();
        assertThat(folder.resolve("noise.checkpoint.safetensors")).doesNotExist();
        assertThatIllegalArgumentException().isThrownBy(() -> Training.of(noise).data(labelled(0, 1, 1))
                .settings(settings(2, 3)).run()).withMessageContaining("3 held out of 3");
    }

    /** Labels say the contrary of what the teacher does, and have no share of the loss. */
    @Test
    void learnsFromTheTwinOfAnotherModel() throws IOException {
        Path teacher = model("");
        Path student = Files.writeString(folder.resolve("student.tern"), """
                model Student(x: f32[3]) -> (y: f32[2]) {
                    parameters "student.safetensors"
                    y = x |> dense(2, weights: int(4))
                }
                """);
        Training.of(student).data(labelled(1, 0, 1)).taughtBy(teacher, folder.resolve("two.safetensors"), 1, 1)
                .settings(new TrainingSettings(TrainingSettings.Course.of(300, 3, 1, 0),
                        TrainingSettings.Descent.adam(0.05f), TrainingSettings.Variation.NONE, TrainingSettings.ALL))
                .run();
        assertThat(((Answers) Evaluation.of(student).data(labelled(0, 1, 0)).run().compiled()).top(1).correct())
                .isEqualTo(3);
    }
}
