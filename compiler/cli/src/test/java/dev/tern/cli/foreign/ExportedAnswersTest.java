package dev.tern.cli.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tern.cli.measure.OnnxRuntime;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import dev.tern.importers.export.ExportOptions;
import dev.tern.importers.export.OnnxExport;
import dev.tern.runtime.Session;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ONNX Runtime answers as the class does from which the file was written. */
class ExportedAnswersTest {
    private static final Path MODELS = Path.of(System.getProperty("tern.root"), "models");

    private static Graph graph(Path file) {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(file, diagnostics);
        return ModelReader.bind(model, file, diagnostics);
    }

    /** In how many of the 10,000 test images both have the greatest score at the same place. */
    private static int alike(String model, ExportOptions options) throws OrtException {
        Path file = MODELS.resolve(model);
        Dataset images = Datasets.read(PublicData.path("mnist"), DatasetRequest.of(DatasetRequest.Part.TEST));
        Session session = Compilation.of(file).model().newSession();
        int[] sizes = graph(file).definitions().get(graph(file).inputs().getFirst()).type().shape().toArray();
        long[] shape = new long[sizes.length + 1];
        shape[0] = 1;
        for (int i = 0; i < sizes.length; i++) {
            shape[i + 1] = sizes[i];
        }
        int alike = 0;
        try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
            settings.setIntraOpNumThreads(1);
            OrtEnvironment environment = OnnxRuntime.environment();
            try (OrtSession runtime = environment.createSession(OnnxExport.of(graph(file), options), settings)) {
                String input = runtime.getInputNames().iterator().next();
                float[] pixels = new float[images.shape().elements()];
                for (int image = 0; image < images.count(); image++) {
                    images.copy(image, pixels, 0);
                    float[] here = session.run(pixels);
                    float[] there = new float[here.length];
                    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape);
                            OrtSession.Result result = runtime.run(Map.of(input, tensor))) {
                        ((OnnxTensor) result.get(0)).getFloatBuffer().get(there);
                    }
                    alike += best(here) == best(there) ? 1 : 0;
                }
            }
        }
        return alike;
    }

    private static int best(float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    @ParameterizedTest
    @CsvSource({"digits/digits.tern", "tinymlp/tinymlp.tern"})
    void productsOnCodesAnswerAlikeEverywhere(String model) throws OrtException {
        assertThat(alike(model, new ExportOptions(ExportOptions.NEWEST_OPSET, false, true))).isEqualTo(10_000);
        assertThat(alike(model, new ExportOptions(21, false, true))).isEqualTo(10_000);
    }

    @ParameterizedTest
    @CsvSource({"digits/digits.tern", "tinymlp/tinymlp.tern"})
    void productsOfRealsRoundElsewhere(String model) throws OrtException {
        assertThat(alike(model, ExportOptions.DEFAULT)).isGreaterThanOrEqualTo(9_995);
    }
}
