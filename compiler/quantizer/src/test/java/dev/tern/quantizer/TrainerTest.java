package dev.tern.quantizer;

import static dev.tern.quantizer.GraphSketch.SIGN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphVerifier;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.BinaryFunction;
import dev.tern.importers.dataset.Dataset;
import dev.tern.quantizer.TrainingSettings.Course;
import dev.tern.quantizer.TrainingSettings.Descent;
import dev.tern.quantizer.TrainingSettings.Variation;
import dev.tern.quantizer.dataset.Distortion;
import dev.tern.quantizer.network.Optimizer;
import dev.tern.quantizer.network.SignGradient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static final TrainingSettings SETTINGS = settings(Course.of(6, 20, 1, 200), 0,
            new Distortion(1, 0, 0));

    private static TrainingSettings settings(Course course, float smoothing, Distortion distortion) {
        return new TrainingSettings(course, Descent.adam(0.01f), new Variation(distortion, 0, smoothing),
                TrainingSettings.ALL);
    }

    /** 12x12 images with noise and a bright bar: lying, standing or slanted. */
    private static Dataset bars() {
        SplittableRandom random = new SplittableRandom(11);
        int[] labels = new int[1200];
        byte[] pixels = new byte[labels.length * 144];
        for (int n = 0; n < labels.length; n++) {
            labels[n] = random.nextInt(3);
            int at = random.nextInt(3, 9);
            for (int i = 0; i < 144; i++) {
                boolean bar = switch (labels[n]) {
                    case 0 -> i / 12 == at;
                    case 1 -> i % 12 == at;
                    default -> i / 12 - i % 12 == at - 6;
                };
                pixels[n * 144 + i] = (byte) (random.nextInt(90) + (bar ? 160 : 0));
            }
        }
        return new Dataset("bars", Shape.of(12, 12, 1), new Dataset.Values.Pixels(pixels),
                new Dataset.Targets.Classes(labels, List.of()));
    }

    private static Graph convolutional() {
        GraphSketch g = new GraphSketch();
        ValueId stem = g.conv("stem", g.input(12, 12, 1), 4, 3, 1, GraphSketch.BYTES,
                GraphSketch.fixed(GraphSketch.unsigned(8), 0, 1));
        ValueId body = g.conv("body", g.maxpool(g.relu(g.batchnorm("stem", stem))), 8, 3, 1, GraphSketch.TWN,
                GraphSketch.dynamic(GraphSketch.unsigned(4), false));
        ValueId flat = g.flatten(g.maxpool(g.relu(g.batchnorm("body", body))));
        return g.graph(g.dense("scores", flat, 3, GraphSketch.TWN, GraphSketch.dynamic(GraphSketch.unsigned(4),
                false)));
    }

    private static Graph binary() {
        GraphSketch g = new GraphSketch();
        ValueId centred = g.combine(BinaryFunction.SUBTRACT, g.input(144),
                g.constant(Tensor.scalar(0.5f)));
        ValueId hidden = g.batchnorm("hidden", g.dense("hidden", centred, 48, GraphSketch.BINARY, SIGN));
        return g.graph(g.batchnorm("scores", g.dense("scores", hidden, 3, GraphSketch.BINARY, SIGN)));
    }

    @Test
    void learnsWithTernaryWeightsAndFourBitActivations() {
        assertThat(Trainer.train(convolutional(), SETTINGS, bars(), report -> {
        }).heldOut().accuracy()).isGreaterThan(0.95);
    }

    @Test
    void learnsWithOneBitEverywhereByAnotherGradientOfTheSign() {
        TrainingSettings quadratic = new TrainingSettings(Course.of(6, 20, 1, 200),
                new Descent(new Optimizer.Rule.Adam(), 0.01f, 0, SignGradient.QUADRATIC),
                new Variation(new Distortion(1, 0, 0), 0, 0), TrainingSettings.ALL);
        assertThat(Trainer.train(binary(), quadratic, bars(), report -> {
        }).heldOut().accuracy()).isGreaterThan(0.85);
    }

    @Test
    void learnsWithOneBitEverywhere() {
        assertThat(Trainer.train(binary(), SETTINGS, bars(), report -> {
        }).heldOut().accuracy()).isGreaterThan(0.85);
    }

    @Test
    void theFloatTwinLearnsTheSameParameters() {
        Graph twin = FloatTwin.of(convolutional());
        assertThat(GraphVerifier.verify(twin)).isEmpty();
        assertThat(twin.nodes()).noneMatch(n -> n.operation() instanceof Operation.Quantize
                || n.operation() instanceof Operation.WeightCodes || n.operation() instanceof Operation.RangeScale
                || n.operation() instanceof Operation.Rescale || n.operation() instanceof Operation.MeasureRange);
        TrainedParameters trained = Trainer.train(twin, SETTINGS, bars(), report -> {
        });
        assertThat(trained.heldOut().accuracy()).isGreaterThan(0.95);
        assertThat(trained.tensors()).containsOnlyKeys("stem.conv.weight", "stem.batchnorm.gamma",
                "stem.batchnorm.beta", "stem.batchnorm.mean", "stem.batchnorm.variance", "body.conv.weight",
                "body.batchnorm.gamma", "body.batchnorm.beta", "body.batchnorm.mean", "body.batchnorm.variance",
                "scores.dense.weight");
        assertThat(FloatTwin.of(binary()).nodes()).filteredOn(n -> n.operation() instanceof Operation.Clip).hasSize(2);
    }

    @Test
    void theSameSeedGivesTheSameParametersAndReports() {
        TrainingSettings brief = settings(Course.of(2, 20, 9, 200), 0.1f, new Distortion(1, 5, 0.05));
        List<EpochReport> reports = new ArrayList<>();
        TrainedParameters first = Trainer.train(convolutional(), brief, bars(), reports::add);
        assertThat(Trainer.train(convolutional(), brief, bars(), report -> {
        })).isEqualTo(first);
        assertThat(reports).extracting(EpochReport::epoch).containsExactly(1, 2);
        assertThat(reports.getLast().secondsLeft()).isZero();
        assertThat(reports.getFirst()).asString().startsWith("epoch 1/2  training loss ").endsWith(" minutes left");
    }

    @Test
    void imagesMustSuitTheModel() {
        GraphSketch g = new GraphSketch();
        Graph larger = g.graph(g.dense("scores", g.input(145), 3, GraphSketch.BINARY, SIGN));
        assertThatThrownBy(() -> Trainer.train(larger, SETTINGS, bars(), report -> {
        })).hasMessageContaining("the examples are [12, 12, 1], the model's input is [145]");
        GraphSketch h = new GraphSketch();
        Graph fewer = h.graph(h.dense("scores", h.input(144), 2, GraphSketch.BINARY, SIGN));
        assertThatThrownBy(() -> Trainer.train(fewer, SETTINGS, bars(), report -> {
        })).hasMessageContaining(" of bars has label 2, the model's output is [2], for labels 0..1");
        TrainingSettings tooMany = settings(Course.of(1, 20, 1, 1190), 0, Distortion.NONE);
        assertThatThrownBy(() -> Trainer.train(binary(), tooMany, bars(), report -> {
        })).hasMessageContaining("too few examples");
    }

    @Test
    void aRunGoesOnFromACheckpointToTheSameBits() {
        TrainingSettings whole = settings(new Course(4, 1, 1, 20, 9, 200), 0.1f, new Distortion(1, 5, 0.05, true));
        List<TrainingCheckpoint> states = new ArrayList<>();
        TrainedParameters unbroken = Trainer.of(convolutional(), whole, bars())
                .train((report, state) -> states.add(state.get()));
        for (TrainingCheckpoint state : states) {
            List<Integer> epochs = new ArrayList<>();
            assertThat(Trainer.of(convolutional(), whole, bars()).resuming(state)
                    .train((report, _) -> epochs.add(report.epoch()))).isEqualTo(unbroken);
            assertThat(epochs).hasSize(4 - state.epoch());
        }
    }

    @Test
    void aCheckpointOfAnotherModelIsRefused() {
        List<TrainingCheckpoint> states = new ArrayList<>();
        TrainingSettings brief = settings(Course.of(1, 20, 9, 200), 0, Distortion.NONE);
        Trainer.of(binary(), brief, bars()).train((report, state) -> states.add(state.get()));
        assertThatThrownBy(() -> Trainer.of(convolutional(), brief, bars()).resuming(states.getFirst()))
                .hasMessageContaining("the checkpoint is of another model");
    }

    @Test
    void onlyWhatIsChosenMoves() {
        TrainingSettings some = new TrainingSettings(Course.of(1, 20, 9, 200), Descent.adam(0.01f), Variation.NONE,
                "body.*");
        Map<String, Tensor.Floats> start = Trainer.train(convolutional(),
                settings(Course.of(1, 20, 1, 200), 0, Distortion.NONE), bars(), _ -> {
                }).tensors();
        Map<String, Tensor.Floats> tuned = Trainer.of(convolutional(), some, bars()).startingFrom(start)
                .train((report, state) -> {
                }).tensors();
        tuned.forEach((path, tensor) -> {
            if (path.startsWith("body.")) {
                assertThat(tensor).as(path).isNotEqualTo(start.get(path));
            } else {
                assertThat(tensor).as(path).isEqualTo(start.get(path));
            }
        });
        assertThatThrownBy(() -> Trainer.of(convolutional(), new TrainingSettings(Course.of(1, 20, 9, 200),
                Descent.adam(0.01f), Variation.NONE, "tail.*"), bars()))
                .hasMessageContaining("no parameter is called 'tail.*': there are stem.conv.weight, ");
        ChosenPaths two = new ChosenPaths("body.*, *.bias");
        assertThat(List.of("body.conv.weight", "stem.conv.bias", "stem.conv.weight", "bias")).filteredOn(two)
                .containsExactly("body.conv.weight", "stem.conv.bias");
        assertThatThrownBy(() -> Trainer.of(convolutional(), new TrainingSettings(Course.of(1, 20, 9, 200),
                Descent.adam(0.01f), Variation.NONE, "body.*,tail"), bars()))
                .hasMessageContaining("no parameter is called 'tail': there are ");
    }

    /** What an f32 input takes is the changed number, in training, of those held out, and in the compiled class. */
    @Test
    void valuesAreChangedBeforeTheModelSeesThem() {
        Dataset surface = surface();
        float[] numbers = ((Dataset.Values.Numbers) surface.values()).elements();
        float[] changed = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            changed[i] = numbers[i] * 3 + 0.5f;
        }
        Dataset other = new Dataset("surface", surface.shape(), new Dataset.Values.Numbers(changed), surface.targets());
        GraphSketch g = new GraphSketch();
        Graph graph = g.graph(g.dense("b", g.input(2), 2, GraphSketch.BYTES,
                GraphSketch.dynamic(GraphSketch.unsigned(8), false)));
        TrainingSettings brief = settings(Course.of(2, 20, 1, 100), 0, Distortion.NONE);
        TrainedParameters wanted = Trainer.train(graph, brief, other, _ -> {
        });
        assertThat(Trainer.train(graph, brief, surface.changed(3, 0.5f), _ -> {
        })).isEqualTo(wanted).isNotEqualTo(Trainer.train(graph, brief, surface, _ -> {
        }));
    }

    @Test
    void noEpochMeasuresStatisticsAlone() {
        Map<String, Tensor.Floats> start = Trainer.train(convolutional(),
                settings(Course.of(1, 20, 1, 200), 0, Distortion.NONE), bars(), _ -> {
                }).tensors();
        TrainingSettings none = settings(Course.of(0, 20, 1, 200), 0, new Distortion(2, 0, 0));
        TrainedParameters measured = Trainer.of(convolutional(), none, bars()).startingFrom(start)
                .train((report, _) -> {
                    throw new AssertionError(report);
                });
        measured.tensors().forEach((path, tensor) -> {
            if (path.endsWith(".mean") || path.endsWith(".variance")) {
                assertThat(tensor).as(path).isNotEqualTo(start.get(path));
            } else {
                assertThat(tensor).as(path).isEqualTo(start.get(path));
            }
        });
    }

    @Test
    void learnsFromATeacherWithoutALabelTellingIt() {
        Graph twin = FloatTwin.of(convolutional());
        Teacher teacher = new Teacher(twin, Trainer.train(twin, SETTINGS, bars(), _ -> {
        }).tensors(), 1, 2);
        Dataset bars = bars();
        // Labels that are wrong: what is learned comes from the teacher alone.
        int[] wrong = new int[bars.count()];
        for (int i = 0; i < wrong.length; i++) {
            wrong[i] = (bars.label(i) + 1) % 3;
        }
        Dataset mislabelled = new Dataset("bars", bars.shape(), bars.values(),
                new Dataset.Targets.Classes(wrong, List.of()));
        assertThat(Trainer.of(convolutional(), SETTINGS, mislabelled).taughtBy(teacher).train((report, state) -> {
        }).heldOut().accuracy()).isLessThan(0.05);
    }

    @Test
    void everyWayOfTrainingLearns() {
        List<TrainingSettings> ways = List.of(
                new TrainingSettings(Course.of(6, 20, 1, 200), new Descent(new Optimizer.Rule.Sgd(0.9f), 0.02f, 1e-3f,
                        SignGradient.CLIP),
                        Variation.NONE, "*"),
                new TrainingSettings(Course.of(6, 20, 1, 200), Descent.adam(0.01f),
                        new Variation(Distortion.NONE, 0.2f, 0.1f), "*"),
                new TrainingSettings(new Course(6, 2, 2, 20, 1, 200), Descent.adam(0.01f), Variation.NONE, "*"));
        for (TrainingSettings way : ways) {
            assertThat(Trainer.train(convolutional(), way, bars(), _ -> {
            }).heldOut().accuracy()).as("%s", way).isGreaterThan(0.9);
        }
    }

    /** Points of a plane with the numbers x * y and x + y. */
    private static Dataset surface() {
        SplittableRandom random = new SplittableRandom(2);
        float[] points = new float[1000];
        float[] numbers = new float[1000];
        for (int i = 0; i < points.length; i += 2) {
            points[i] = (float) random.nextDouble(-1, 1);
            points[i + 1] = (float) random.nextDouble(-1, 1);
            numbers[i] = points[i] * points[i + 1];
            numbers[i + 1] = points[i] + points[i + 1];
        }
        return new Dataset("surface", Shape.of(2), new Dataset.Values.Numbers(points),
                new Dataset.Targets.Numbers(Shape.of(2), numbers));
    }

    @Test
    void learnsNumbers() {
        GraphSketch g = new GraphSketch();
        ValueId hidden = g.relu(g.batchnorm("a", g.dense("a", g.input(2), 32, GraphSketch.BYTES,
                GraphSketch.fixed(GraphSketch.unsigned(8), -1, 1))));
        Graph graph = g.graph(g.batchnorm("b", g.dense("b", hidden, 2, GraphSketch.BYTES,
                GraphSketch.dynamic(GraphSketch.unsigned(8), false))));
        TrainedParameters trained = Trainer.train(graph, settings(Course.of(60, 20, 1, 100), 0, Distortion.NONE),
                surface(), _ -> {
                });
        // The numbers' own mean square is 0.11 and 0.67.
        assertThat(trained.heldOut().loss()).isLessThan(0.01);
        assertThat(trained.heldOut().accuracy()).isNaN();
    }

    /** Who gives the same numbers as the teacher has nothing to learn from it alone. */
    @Test
    void numbersAreLearnedFromATeacherToo() {
        GraphSketch g = new GraphSketch();
        Graph graph = g.graph(g.dense("b", g.input(2), 2, GraphSketch.FLOATING, GraphSketch.FLOAT));
        TrainingSettings few = settings(Course.of(2, 20, 1, 100), 0, Distortion.NONE);
        Map<String, Tensor.Floats> known = Trainer.train(graph, few, surface(), _ -> {
        }).tensors();
        List<Double> losses = new ArrayList<>();
        assertThat(Trainer.of(graph, few, surface()).startingFrom(known).taughtBy(new Teacher(graph, known, 1, 1))
                .train((report, _) -> losses.add(report.training().loss())).tensors()).isEqualTo(known);
        assertThat(losses).containsOnly(0.0);
    }

    @Test
    void withoutTargetsItLearnsToGiveItsInputBack() {
        Dataset surface = surface();
        Dataset points = new Dataset("points", Shape.of(2), surface.values(), new Dataset.Targets.None());
        GraphSketch g = new GraphSketch();
        Graph graph = g.graph(g.batchnorm("b", g.dense("b", g.input(2), 2, GraphSketch.BYTES,
                GraphSketch.fixed(GraphSketch.unsigned(8), -1, 1))));
        assertThat(Trainer.train(graph, settings(Course.of(100, 20, 1, 100), 0, Distortion.NONE), points, _ -> {
        }).heldOut().loss()).isLessThan(0.01);
    }

    @Test
    void aLossThatIsNoNumberStopsTheRun() {
        TrainingSettings wild = new TrainingSettings(Course.of(3, 20, 1, 100),
                new Descent(new Optimizer.Rule.Sgd(0.9f), 1e30f, 0, SignGradient.CLIP), Variation.NONE, "*");
        GraphSketch g = new GraphSketch();
        Graph graph = g.graph(g.dense("b", g.input(2), 2, GraphSketch.FLOATING, GraphSketch.FLOAT));
        assertThatThrownBy(() -> Trainer.train(graph, wild, surface(), _ -> {
        })).hasMessageContaining("training diverged in epoch 1").hasMessageContaining("take a lower learning rate");
    }

    /**
     * Examples that come class by class: were batch normalization's statistics measured over them as they come, each
     * batch would be normalized by its own class, and what layers further on are to see would be of another kind.
     */
    @Test
    void statisticsDoNotDependOnTheOrderOfTheExamples() {
        Dataset mixed = bars();
        int[] labels = ((Dataset.Targets.Classes) mixed.targets()).labels();
        byte[] pixels = ((Dataset.Values.Pixels) mixed.values()).elements();
        int[] order = IntStream.range(0, labels.length).boxed().sorted(Comparator.comparing(n -> labels[n]))
                .mapToInt(Integer::intValue).toArray();
        byte[] sorted = new byte[pixels.length];
        for (int n = 0; n < order.length; n++) {
            System.arraycopy(pixels, order[n] * 144, sorted, n * 144, 144);
        }
        Dataset byClass = new Dataset("bars", Shape.of(12, 12, 1), new Dataset.Values.Pixels(sorted),
                new Dataset.Targets.Classes(Arrays.stream(order).map(n -> labels[n]).toArray(), List.of()));
        List<EpochReport> reports = new ArrayList<>();
        TrainedParameters trained = Trainer.train(convolutional(), SETTINGS, byClass, reports::add);
        assertThat(trained.heldOut().accuracy()).isGreaterThan(0.95);
        assertThat(trained.heldOut().loss()).isLessThan(1.5 * reports.getLast().heldOut().loss() + 0.05);
    }
}
