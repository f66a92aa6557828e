package dev.tern.quantizer.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.syntax.SyntaxReader;
import dev.tern.quantizer.FloatTwin;
import dev.tern.quantizer.Teacher;
import dev.tern.quantizer.TrainedParameters;
import dev.tern.quantizer.TrainingCheckpoint;
import dev.tern.quantizer.diffusion.NoiseSchedule.Deviations;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiffusionTest {
    /** DDPM's own schedule: 1e-4 at first, and 4e-5 of the sample left at the end. */
    @Test
    void aThousandStepsAreThePapers() {
        NoiseSchedule schedule = NoiseSchedule.of(1000, Optional.empty());
        double[] kept = Arrays.stream(schedule.signal()).map(x -> x * x).toArray();
        assertThat(kept[0]).isCloseTo(1 - 1e-4, within(1e-12));
        assertThat(kept[1] / kept[0]).isCloseTo(1 - 1e-4 - 0.0199 / 999, within(1e-9));
        assertThat(kept[999]).isCloseTo(4.036e-5, within(1e-8));
        assertThat(schedule.noise()[999]).isCloseTo(Math.sqrt(1 - 4.036e-5), within(1e-8));
        assertThat(schedule.greatestDeviation()).isCloseTo(1, within(1e-15));
        assertThatThrownBy(() -> NoiseSchedule.of(1, Optional.empty())).hasMessage("a diffusion of 1 steps");
    }

    @Test
    void noiseThatIsAddedGrowsGeometrically() {
        NoiseSchedule schedule = NoiseSchedule.of(3, Optional.of(Deviations.of("0.01..4")));
        assertThat(schedule.noise()).containsExactly(new double[]{0.01, 0.2, 4}, within(1e-12));
        assertThat(schedule.signal()).containsExactly(1, 1, 1);
        assertThat(schedule.noisy(1, 0.5f, -2)).isCloseTo(0.1f, within(1e-7f));
        assertThat(schedule.greatestDeviation()).isCloseTo(Math.sqrt(17), within(1e-12));
        assertThat(Deviations.of(Deviations.of("1e-3..80").toString())).isEqualTo(new Deviations(0.001, 80));
        assertThatThrownBy(() -> Deviations.of("4..0.01")).hasMessage(
                "noise grows from a deviation above 0 to a greater one, not from 4.0 to 0.01");
        assertThatThrownBy(() -> Deviations.of("0..1")).hasMessageContaining("not from 0.0 to 1.0");
        assertThatThrownBy(() -> Deviations.of("0.01-10")).hasMessage(
                "the noise's deviation at the first and at the last step is written 0.01..10, not 0.01-10");
        assertThatThrownBy(() -> Deviations.of("1..e")).hasMessageContaining("is written 0.01..10, not 1..e");
    }

    /** Whoever knows the noise in samples of one point arrives at the point, in however many steps. */
    @ParameterizedTest
    @CsvSource({"1,", "7,", "50,", "1, 0.01..10", "7, 0.01..10", "50, 0.01..10"})
    void samplingEndsWhereTheNoiseEnds(int visited, String deviations) {
        NoiseSchedule schedule = NoiseSchedule.of(50, Optional.ofNullable(deviations).map(Deviations::of));
        float[] point = {1.5f, -0.25f};
        List<Integer> steps = new ArrayList<>();
        float[] sample = new Ddim(schedule, visited).sample((x, t, noise) -> {
            steps.add(t);
            for (int i = 0; i < 2; i++) {
                noise[i] = (float) ((x[i] - schedule.signal()[t] * point[i]) / schedule.noise()[t]);
            }
        }, 2, new SplittableRandom(1));
        assertThat(sample).containsExactly(point, within(1e-3f));
        assertThat(steps).hasSize(visited).startsWith(49).isSortedAccordingTo((a, b) -> b - a);
    }

    @Test
    void distancesByHand() {
        assertThat(Distance.energy(new float[]{0, 0}, new float[]{3, 3}, 1)).isEqualTo(6);
        assertThat(Distance.energy(new float[]{0, 2}, new float[]{1, 1}, 1)).isZero();
        assertThat(Distance.energy(new float[]{0, 0, 0, 0}, new float[]{3, 4, 3, 4}, 2)).isEqualTo(10);
    }

    private static Graph graph(String activations) {
        return analyzed("""
                model D(x: f32[1], t: step[20]) -> (noise: f32[1]) {
                    default weights: int(8), activations: ACTIVATIONS
                    h = concat(x |> dense(8, bias: true), t |> embed(sinusoidal, 8)) |> relu
                    noise = h |> dense(16, bias: true) |> relu |> dense(1, bias: true)
                }
                """.replace("ACTIVATIONS", activations));
    }

    private static Graph analyzed(String text) {
        Diagnostics diagnostics = new Diagnostics();
        return Analyzer.analyze(SyntaxReader.read(new SourceFile("d.tern", text), diagnostics), diagnostics)
                .orElseThrow(() -> new AssertionError(diagnostics.list())).graph();
    }

    private static Map<String, Tensor.Floats> trained(Graph graph, String only, List<Double> losses) {
        return trainer(graph, only).train((report, _) -> losses.add(report.training().loss())).tensors();
    }

    private static NoiseTrainer trainer(Graph graph, String only) {
        return new NoiseTrainer(graph, new float[]{-1, 1}, new float[]{-1, 1, 0.9f},
                NoiseSchedule.of(20, Optional.empty()), new NoiseTrainer.Settings(4, 32, 0.01f, 3, path -> path.matches(
                        only)));
    }

    @Test
    void trainingMakesTheErrorSmallerAndTablesSmooth() {
        Graph graph = graph("tdq(4, step: t, levels: 13)");
        assertThat(NoiseTrainer.fits(graph)).isTrue();
        List<Double> losses = new ArrayList<>();
        Map<String, Tensor.Floats> tensors = trained(graph, ".*", losses);
        assertThat(losses.getLast()).isLessThan(0.8 * losses.getFirst());
        assertThat(tensors.keySet()).contains("noise.dense1.steps", "noise.dense2.steps").noneMatch(path -> path
                .contains(
                        "module"));
        float[] table = tensors.get("noise.dense1.steps").values();
        assertThat(table).hasSize(20);
        for (int t = 0; t < 20; t++) {
            assertThat(table[t]).isPositive();
        }
        assertThat(trained(graph, ".*", new ArrayList<>())).isEqualTo(tensors);
    }

    /** Calibration only: the tables move, the weights stay as they start. */
    @Test
    void whatIsNotChosenStays() {
        Graph graph = graph("tdq(4, step: t)");
        Map<String, Tensor.Floats> tables = trained(graph, ".*\\.steps", new ArrayList<>());
        Map<String, Tensor.Floats> nothing = trained(graph, "none", new ArrayList<>());
        assertThat(tables.get("noise.dense1.weight")).isEqualTo(nothing.get("noise.dense1.weight"));
        assertThat(tables.get("noise.dense1.steps")).isNotEqualTo(nothing.get("noise.dense1.steps"));
    }

    /** Who tells the same noise as the teacher has nothing to learn from it alone. */
    @Test
    void aTeacherIsLearnedFrom() {
        Graph twin = FloatTwin.of(graph("tdq(4, step: t)"));
        Map<String, Tensor.Floats> known = trained(twin, ".*", new ArrayList<>());
        List<Double> losses = new ArrayList<>();
        NoiseTrainer same = trainer(twin, ".*").taughtBy(new Teacher(twin, known, 1, 1));
        same.startFrom(known);
        assertThat(same.train((report, _) -> losses.add(report.training().loss())).tensors()).isEqualTo(known);
        assertThat(losses).containsOnly(0.0);

        List<Double> other = new ArrayList<>();
        trainer(graph("tdq(4, step: t)"), ".*").taughtBy(new Teacher(twin, known, 1, 1))
                .train((report, _) -> other.add(report.training().loss()));
        assertThat(other.getLast()).isLessThan(0.5 * other.getFirst());
        assertThatIllegalArgumentException().isThrownBy(() -> trainer(graph("dynamic(4)"), ".*")
                .taughtBy(new Teacher(FloatTwin.of(fewerSteps()), Map.of(), 1, 1)))
                .withMessage("the teacher does not predict noise at 20 steps");
    }

    private static Graph fewerSteps() {
        return analyzed("model D(x: f32[1], t: step[5]) -> (noise: f32[1]) { noise = concat(x, t |> embed(sinusoidal,"
                + " 8)) |> dense(1) }");
    }

    /** Weights and the modules of tables, by the loss and for the activations alone. */
    @ParameterizedTest
    @ValueSource(strings = {".*", ".*\\.steps"})
    void aRunGoesOnFromACheckpointToTheSameBits(String only) {
        Graph graph = graph("tdq(4, step: t)");
        List<TrainingCheckpoint> states = new ArrayList<>();
        List<Double> measured = new ArrayList<>();
        TrainedParameters unbroken = trainer(graph, only).train((report, state) -> {
            states.add(state.get());
            measured.add(report.heldOut().loss());
        });
        assertThat(measured).doesNotContain(Double.NaN).last().isEqualTo(unbroken.heldOut().loss());
        for (TrainingCheckpoint state : states) {
            List<Integer> epochs = new ArrayList<>();
            assertThat(trainer(graph, only).resuming(state).train((report, _) -> epochs.add(report.epoch())))
                    .isEqualTo(unbroken);
            assertThat(epochs).hasSize(4 - state.epoch());
        }
        assertThatThrownBy(() -> trainer(graph("dynamic(4)"), only).resuming(new TrainingCheckpoint(1, 100, Map.of())))
                .hasMessageContaining("the checkpoint is of another model");
    }

    /** A range of 0..3 for codes 0..15 is a step of 0.2; without training the middle of the table is that. */
    @Test
    void tablesBeginAtTheRangesOfAStaticModel() {
        NoiseTrainer trainer = new NoiseTrainer(graph("tdq(4, step: t)"), new float[]{-1, 1}, new float[0],
                NoiseSchedule.of(20, Optional.empty()), new NoiseTrainer.Settings(1, 4, 0.01f, 3, _ -> false));
        trainer.startFrom(Map.of("noise.dense1.range", Tensor.of(0, 3)));
        float[] table = trainer.train((_, _) -> {
        }).tensors().get("noise.dense1.steps").values();
        assertThat(table[10]).isCloseTo(0.2f, within(1e-5f));
        assertThat(table[0]).isCloseTo(0.2f, within(0.05f));
        assertThatThrownBy(() -> trainer.startFrom(Map.of("noise.dense1.weight", Tensor.of(1))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("is [1] in the parameters");
    }

    @Test
    void otherModelsDoNotPredictNoise() {
        Diagnostics diagnostics = new Diagnostics();
        Graph other = Analyzer.analyze(SyntaxReader.read(new SourceFile("o.tern", """
                model O(x: f32[2]) -> (y: f32[2]) {
                    y = x |> relu
                }
                """), diagnostics), diagnostics).orElseThrow().graph();
        assertThat(NoiseTrainer.fits(other)).isFalse();
    }
}
