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
import dev.tern.quantizer.dataset.Distortion;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static final TrainingSettings SETTINGS = new TrainingSettings(6, 20, 1, 0.01f, 0f,
            new Distortion(1, 0, 0), 200);

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
        }).heldOutAccuracy()).isGreaterThan(0.95);
    }

    @Test
    void learnsWithOneBitEverywhere() {
        assertThat(Trainer.train(binary(), SETTINGS, bars(), report -> {
        }).heldOutAccuracy()).isGreaterThan(0.85);
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
        assertThat(trained.heldOutAccuracy()).isGreaterThan(0.95);
        assertThat(trained.tensors()).containsOnlyKeys("stem.conv.weight", "stem.batchnorm.gamma",
                "stem.batchnorm.beta", "stem.batchnorm.mean", "stem.batchnorm.variance", "body.conv.weight",
                "body.batchnorm.gamma", "body.batchnorm.beta", "body.batchnorm.mean", "body.batchnorm.variance",
                "scores.dense.weight");
        assertThat(FloatTwin.of(binary()).nodes()).filteredOn(n -> n.operation() instanceof Operation.Clip).hasSize(2);
    }

    @Test
    void theSameSeedGivesTheSameParametersAndReports() {
        TrainingSettings brief = new TrainingSettings(2, 20, 9, 0.01f, 0.1f, new Distortion(1, 5, 0.05), 200);
        List<EpochReport> reports = new ArrayList<>();
        TrainedParameters first = Trainer.train(convolutional(), brief, bars(), reports::add);
        assertThat(Trainer.train(convolutional(), brief, bars(), report -> {
        })).isEqualTo(first);
        assertThat(reports).extracting(EpochReport::epoch).containsExactly(1, 2);
        assertThat(reports.getLast().secondsLeft()).isZero();
        assertThat(reports.getFirst()).asString().startsWith("epoch 1/2  loss ").endsWith(" minutes left");
    }

    @Test
    void imagesMustSuitTheModel() {
        GraphSketch g = new GraphSketch();
        Graph larger = g.graph(g.dense("scores", g.input(145), 3, GraphSketch.BINARY, SIGN));
        assertThatThrownBy(() -> Trainer.train(larger, SETTINGS, bars(), report -> {
        })).hasMessageContaining("the images are [12, 12, 1], the model's input is [145]");
        GraphSketch h = new GraphSketch();
        Graph fewer = h.graph(h.dense("scores", h.input(144), 2, GraphSketch.BINARY, SIGN));
        assertThatThrownBy(() -> Trainer.train(fewer, SETTINGS, bars(), report -> {
        })).hasMessageContaining("the images have 3 classes, the model's output is [2]");
        TrainingSettings tooMany = new TrainingSettings(1, 20, 1, 0.01f, 0f, Distortion.NONE, 1190);
        assertThatThrownBy(() -> Trainer.train(binary(), tooMany, bars(), report -> {
        })).hasMessageContaining("too few images");
    }
}
