package dev.tern.quantizer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.safetensors.SafetensorsWriter;
import dev.tern.quantizer.TrainedSource;
import dev.tern.quantizer.TrainingSettings;
import dev.tern.quantizer.task.Training;
import dev.tern.runtime.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedWeightsTest {
    private static final String TEXT = """
            model M(x: f32[13]) -> (y: f32[5]) {
                parameters "m.safetensors"
                default activations: dynamic(8)
                y = x |> dense(11, weights: binary) |> batchnorm |> dense(9, weights: ternary(twn))
                      |> dense(7, weights: int(3), bias: true) |> dense(7, weights: binary(scale: none))
                      |> dense(6, weights: int(8, scale: tensor)) |> dense(6, weights: ternary(ttq))
                      |> dense(5, weights: float)
            }
            """;

    @TempDir
    private Path folder;

    private Path model() throws IOException {
        return Files.writeString(folder.resolve("m.tern"), TEXT);
    }

    /** Without the layer of reals, whose sums another order changes. */
    private Path modelOfCodes() throws IOException {
        return Files.writeString(folder.resolve("m.tern"), TEXT.replace("weights: float", "weights: int(4)"));
    }

    private static Map<String, Tensor.Floats> random(Graph graph) {
        SplittableRandom random = new SplittableRandom(7);
        Map<String, Tensor.Floats> tensors = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            if (node.operation() instanceof Operation.Parameter(String path, _)) {
                float[] values = new float[node.type().shape().elements()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (path.endsWith("variance") ? 1 + random.nextDouble() : random.nextGaussian());
                }
                tensors.put(path, new Tensor.Floats(node.type().shape(), values));
            }
        }
        return tensors;
    }

    private static float[] answer(AnalyzedModel model, Path file, TensorSource numbers) {
        Session session = Compilation.of(ModelReader.bind(model.withNumbers(numbers), file, new Diagnostics()),
                model.layers()).model().newSession();
        Object[] outputs = session.newOutputs(1);
        float[] x = new float[13];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(i);
        }
        session.run(new Object[]{x}, outputs);
        return (float[]) outputs[0];
    }

    @Test
    void aModelOfEverySchemeAnswersAlikeByPackedWeights() throws IOException {
        Path file = model();
        AnalyzedModel model = ModelReader.analyze(file, new Diagnostics());
        Map<String, Tensor.Floats> tensors = random(model.graph());
        PackedWeights packed = PackedWeights.of(model.graph(), tensors, Map.of("tern.noise", "0.01..10"));
        assertThat(answer(model, file, packed)).containsExactly(answer(model, file, new TrainedSource(tensors)));
        assertThat(packed.entries().stream().filter(entry -> !entry.type().floating())
                .collect(Collectors.toMap(TensorEntry::name, TensorEntry::dimensions))).isEqualTo(Map.of(
                        "y.dense1.weight.packed", List.of(11L, 2L), "y.dense2.weight.packed", List.of(9L, 3L),
                        "y.dense3.weight.packed", List.of(7L, 4L), "y.dense4.weight.packed", List.of(7L, 1L),
                        "y.dense5.weight.packed", List.of(6L, 7L)));
        assertThat(packed.notes()).containsEntry("tern.noise", "0.01..10");
    }

    @Test
    void trainingGoesOnFromTheCodes() throws IOException {
        Path file = model();
        AnalyzedModel model = ModelReader.analyze(file, new Diagnostics());
        Map<String, Tensor.Floats> tensors = random(model.graph());
        Path stored = Files.write(folder.resolve("m.safetensors"),
                SafetensorsWriter.bytes(PackedWeights.of(model.graph(), tensors, Map.of())));
        Map<String, Tensor.Floats> start = StoredStart.read(model.graph(), stored);
        assertThat(start.keySet()).isEqualTo(tensors.keySet());
        assertThat(start.get("y.dense7.weight")).isEqualTo(tensors.get("y.dense7.weight"));
        float[] latent = tensors.get("y.dense4.weight").values();
        float[] signs = start.get("y.dense4.weight").values();
        for (int i = 0; i < signs.length; i++) {
            assertThat(signs[i]).isEqualTo(latent[i] >= 0 ? 1 : -1);
        }
    }

    @Test
    void trainingWritesTheClassItComparesWith() throws IOException {
        Path file = modelOfCodes();
        Dataset examples = new Dataset("examples", Shape.of(13), new Dataset.Values.Numbers(new float[52]),
                new Dataset.Targets.Classes(new int[]{0, 1, 2, 4}, List.of()));
        Training training = Training.of(file).data(examples).packing(true).settings(new TrainingSettings(
                TrainingSettings.Course.of(1, 2, 1, 0), TrainingSettings.Descent.adam(0.01f),
                TrainingSettings.Variation.NONE, TrainingSettings.ALL));
        Training.Result trained = training.run();
        assertThat(trained.agreement().different()).isEmpty();
        assertThat(StoredStart.read(ModelReader.analyze(file, new Diagnostics()).graph(), trained.file()).keySet())
                .isEqualTo(trained.tensors().keySet());
        assertThatIllegalArgumentException().isThrownBy(() -> training.floating(true).run())
                .withMessage("there is nothing to pack: no weights of the model are codes");
    }
}
