package dev.tern.quantizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.analysis.parameters.ParameterBinder;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.syntax.SyntaxReader;
import dev.tern.importers.dataset.Dataset;
import dev.tern.quantizer.TrainingSettings.Course;
import dev.tern.quantizer.TrainingSettings.Descent;
import dev.tern.quantizer.TrainingSettings.Variation;
import dev.tern.runtime.Session;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compiled class gives every example the answer that the trained network gives, to the bit. */
class TrainedIsCompiledTest {
    private static final Map<String, String> MODELS = Map.of(
            "ternary, dynamic", """
                    model M(x: f32[6, 6, 2]) -> (y: f32[3]) {
                        default weights: ternary(twn), activations: dynamic(4)
                        a = x |> conv(8, 3x3, weights: int(8), activations: static(8, -1..1)) |> batchnorm |> relu
                        y = a + (a |> conv(8, 3x3) |> batchnorm) |> maxpool(2x2) |> flatten |> dense(3)
                    }
                    """,
            "one bit", """
                    model M(x: f32[6, 6, 2]) -> (y: f32[3]) {
                        default weights: binary, activations: sign
                        y = x |> conv(16, 3x3) |> batchnorm |> conv(16, 3x3, pad: same(+1)) |> batchnorm
                              |> avgpool |> dense(3) |> batchnorm |> softmax
                    }
                    """,
            "learned ranges, two scales",
            """
                    model M(x: f32[6, 6, 2]) -> (y: f32[3]) {
                        default weights: ternary(ttq, 0.1), activations: static(3, calibrated)
                        y = x |> depthwise(3x3) |> batchnorm |> hardswish |> conv(8, 1x1) |> layernorm |> gelu
                              |> flatten |> dense(3)
                    }
                    """,
            "ranges of channels",
            """
                    model M(x: f32[6, 6, 2]) -> (y: f32[3]) {
                        default weights: int(8), activations: static(4, calibrated)
                        y = x |> depthwise(3x3, multiplier: 2, activations: static(4, calibrated, per: channel)) |> relu
                              |> quantize(static(4, calibrated, per: channel)) |> flatten |> dense(3)
                    }
                    """,
            "rows and absmean", """
                    model M(x: f32[6, 6, 2]) -> (y: i32) {
                        default weights: ternary(absmean), activations: dynamic(5, absmax, per: row)
                        y = x |> reshape([6, 12]) |> dense(16) |> silu |> dense(4) |> flatten
                              |> dense(3, activations: dynamic(8)) |> argmax
                    }
                    """);

    /** Noise, with a bright place that tells the class. */
    private static Dataset spots() {
        SplittableRandom random = new SplittableRandom(4);
        int[] labels = new int[300];
        float[] values = new float[labels.length * 72];
        for (int n = 0; n < labels.length; n++) {
            labels[n] = random.nextInt(3);
            for (int i = 0; i < 72; i++) {
                values[n * 72 + i] = (float) random.nextDouble(-1, i / 24 == labels[n] ? 1.5 : 0.5);
            }
        }
        return new Dataset("spots", Shape.of(6, 6, 2), new Dataset.Values.Numbers(values),
                new Dataset.Targets.Classes(labels, List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ternary, dynamic", "one bit", "learned ranges, two scales", "ranges of channels",
        "rows and absmean"})
    void everyAnswerIsTheSame(String name) {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = Analyzer.analyze(
                SyntaxReader.read(new SourceFile("m.tern", MODELS.get(name)), diagnostics), diagnostics).orElseThrow();
        Dataset spots = spots();
        TrainedParameters trained = Trainer.train(model.graph(), new TrainingSettings(Course.of(3, 10, 1, 100),
                Descent.adam(0.01f), Variation.NONE, TrainingSettings.ALL), spots, _ -> {
                });
        Graph bound = ParameterBinder.bind(model.graph(), new TrainedSource(trained.tensors()), diagnostics)
                .orElseThrow();
        Session session = Compilation.of(bound, model.layers()).model().newSession();
        Object[] outputs = session.newOutputs(1);
        float[] input = new float[72];
        TrainedAnswers.of(model.graph(), trained.tensors(), spots, (example, answer) -> {
            spots.copy(example, input, 0);
            session.run(new Object[]{input}, outputs);
            if (outputs[0] instanceof float[] numbers) {
                assertThat(answer).as("example %d", example).containsExactly(numbers);
            } else {
                int index = ((int[]) outputs[0])[0];
                assertThat(answer[index]).as("example %d", example).isEqualTo(greatest(answer));
            }
        });
        assertThat(trained.heldOut().accuracy()).isGreaterThan(0.5);
    }

    private static float greatest(float[] values) {
        float greatest = values[0];
        for (float value : values) {
            greatest = Math.max(greatest, value);
        }
        return greatest;
    }
}
