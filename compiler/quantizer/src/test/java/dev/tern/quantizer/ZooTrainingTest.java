package dev.tern.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.SourceFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphVerifier;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.syntax.SyntaxReader;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import dev.tern.quantizer.network.Network;
import dev.tern.quantizer.network.NetworkBuilder;
import dev.tern.quantizer.network.TrainedParameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The models of the zoo are trained from their texts as they stand. */
class ZooTrainingTest {
    private static Graph read(String model) throws IOException {
        Path file = Path.of(System.getProperty("tern.root"), "models", model, model + ".tern");
        return analyze(file.toString(), Files.readString(file));
    }

    private static Graph analyze(String name, String text) {
        Diagnostics diagnostics = new Diagnostics();
        Optional<AnalyzedModel> model = Analyzer.analyze(SyntaxReader.read(new SourceFile(name, text), diagnostics),
                diagnostics);
        diagnostics.throwIfErrors();
        return model.orElseThrow().graph();
    }

    private static Map<String, Shape> parameters(Graph graph) {
        Network network = NetworkBuilder.build(graph, 1, 1);
        return network.parameters().stream().collect(Collectors.toMap(TrainedParameter::path, p -> p.signal().shape()));
    }

    @Test
    void digitsHasTheParametersOfItsLayers() throws IOException {
        Map<String, Shape> parameters = parameters(read("digits"));
        assertThat(parameters).hasSize(11).containsEntry("stem.conv.weight", Shape.of(16, 3, 3, 1))
                .containsEntry("body.conv.weight", Shape.of(32, 3, 3, 16))
                .containsEntry("body.batchnorm.variance", Shape.of(32))
                .containsEntry("scores.dense.weight", Shape.of(10, 1568));
    }

    @Test
    void tinyMlpHasTheParametersOfItsLayers() throws IOException {
        Map<String, Shape> parameters = parameters(read("tinymlp"));
        assertThat(parameters).hasSize(20).containsEntry("hidden.0.dense.weight", Shape.of(64, 784))
                .containsEntry("hidden.2.dense.weight", Shape.of(64, 64))
                .containsEntry("hidden.2.batchnorm.gamma", Shape.of(64))
                .containsEntry("scores.dense.weight", Shape.of(10, 64))
                .containsEntry("scores.batchnorm.mean", Shape.of(10));
    }

    @Test
    void depthwiseAndResidualBlocksCanBeTrained() {
        Map<String, Shape> parameters = parameters(analyze("blocks.tern", """
                block Separable(x: f32[h, w, c], channels: int) -> (y: f32[h, w, channels]) {
                    y = x |> depthwise(3x3)            |> batchnorm |> relu
                          |> conv(channels, 1x1) as pw |> batchnorm |> relu
                }

                block Residual(x: f32[h, w, c], channels: int, stride: int = 1) -> (y: f32[_, _, channels]) {
                    inner    = x |> conv(channels, 3x3, stride: stride) |> batchnorm |> relu
                                 |> conv(channels, 3x3) |> batchnorm
                    shortcut = x |> conv(channels, 1x1, stride: stride) if stride != 1 or c != channels
                    y        = relu(inner + shortcut)
                }

                model Blocks(x: f32[12, 10, 1]) -> (scores: f32[4]) {
                    default weights: ternary(absmean), activations: dynamic(4, absmax)

                    stem   = x |> conv(8, 3x3, stride: 2, weights: int(8), activations: dynamic(8)) |> batchnorm |> relu
                    body   = stem |> repeat(2, Separable(8)) |> Residual(16, stride: 2) |> Residual(16)
                    scores = body |> avgpool |> dense(4, weights: int(8)) |> bias |> softmax
                }
                """));
        assertThat(parameters).containsEntry("body.0.depthwise.weight", Shape.of(8, 3, 3, 1))
                .containsEntry("body.1.pw.weight", Shape.of(8, 1, 1, 8))
                .containsEntry("scores.bias.bias", Shape.of(4));
    }

    @Test
    void floatTwinsHaveTheSameParameters() throws IOException {
        for (String model : new String[]{"digits", "tinymlp"}) {
            Graph twin = FloatTwin.of(read(model));
            assertThat(GraphVerifier.verify(twin)).isEmpty();
            assertThat(parameters(twin)).isEqualTo(parameters(read(model)));
        }
    }

    @Test
    void tinyMlpReadsMostDigitsAfterTwoEpochs() throws IOException {
        Path mnist = mnist();
        assumeTrue(Files.isDirectory(mnist), "MNIST is not at " + mnist + "; say where with -Dtern.data=DIR");
        TrainingSettings brief = new TrainingSettings(TrainingSettings.Course.of(2, 100, 1, 5000),
                TrainingSettings.Descent.adam(0.02f), TrainingSettings.Variation.NONE, TrainingSettings.ALL);
        Dataset images = Datasets.read(mnist, DatasetRequest.of(DatasetRequest.Part.TRAINING));
        assertThat(Trainer.train(read("tinymlp"), brief, images, report -> {
        }).heldOut().accuracy()).isGreaterThan(0.92);
    }

    private static Path mnist() {
        String beside = Path.of(System.getProperty("tern.root"), "..", "shared", "data").toString();
        return Stream.of(System.getProperty("tern.data"), System.getenv("TERN_DATA"), beside)
                .filter(Objects::nonNull).filter(data -> !data.isEmpty()).findFirst().map(Path::of).orElseThrow()
                .resolve("mnist");
    }
}
