package dev.tern.cli.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tern.cli.measure.OnnxRuntime;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.foreign.ImportedModel.Edge;
import dev.tern.runtime.Session;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Imported models beside ONNX Runtime on the same random inputs. */
class OnnxRuntimeAgreementTest {
    private static final int EXAMPLES = 100;

    /**
     * How far apart the outputs of a model are.
     *
     * @param greatest the greatest difference, as a part of the greatest output
     * @param answers in how many examples the greatest entry is the same
     */
    private record Agreement(float greatest, int answers) {
    }

    private static Agreement compare(Path file, float low, float high) throws OrtException {
        Diagnostics diagnostics = new Diagnostics();
        ImportedModel imported = ImportFormat.read(file, ImportOptions.DEFAULT, diagnostics);
        Session session = Compilation.of(imported).model().newSession();
        Edge input = imported.inputs().getFirst();
        Edge output = imported.outputs().getFirst();
        int[] inputPlaces = input.places();
        int[] outputPlaces = output.places();
        long[] shape = input.sourceShape().stream().mapToLong(Integer::longValue).toArray();
        Random random = new Random(11);
        float greatest = 0;
        float scale = 0;
        int answers = 0;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            // As the file has it: fused kernels round elsewhere.
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            try (OrtSession runtime = OnnxRuntime.environment().createSession(file.toString(), options)) {
                for (int example = 0; example < EXAMPLES; example++) {
                    float[] there = new float[inputPlaces.length];
                    for (int i = 0; i < there.length; i++) {
                        there[i] = low + random.nextFloat() * (high - low);
                    }
                    float[] here = new float[there.length];
                    for (int i = 0; i < here.length; i++) {
                        here[i] = there[inputPlaces[i]];
                    }
                    float[] found = session.run(here);
                    float[] wanted = new float[found.length];
                    try (OnnxTensor tensor = OnnxTensor.createTensor(OnnxRuntime.environment(),
                            FloatBuffer.wrap(there), shape);
                            OrtSession.Result result = runtime.run(Map.of(input.sourceName(), tensor))) {
                        ((OnnxTensor) result.get(0)).getFloatBuffer().get(wanted);
                    }
                    int best = 0;
                    int other = 0;
                    for (int i = 0; i < found.length; i++) {
                        greatest = Math.max(greatest, Math.abs(found[i] - wanted[outputPlaces[i]]));
                        scale = Math.max(scale, Math.abs(wanted[i]));
                        best = found[i] > found[best] ? i : best;
                        other = wanted[outputPlaces[i]] > wanted[outputPlaces[other]] ? i : other;
                    }
                    answers += best == other ? 1 : 0;
                }
            }
        }
        return new Agreement(greatest / scale, answers);
    }

    @ParameterizedTest
    @CsvSource({"models/mnist-8.onnx, 0, 255", "models/mlperf_ic.onnx, -2, 2", "models/mlperf_ad.onnx, -1, 1",
        "models/mlperf_vww.onnx, 0, 1", "kws/mlperf_kws.onnx, -30, 30", "peers/reference_kws_f32.onnx, -1, 1",
        "peers/reference_ic_f32.onnx, -1, 1", "peers/reference_vww_f32.onnx, 0, 1",
        "peers/reference_ad_f32.onnx, -1, 1", "peers/reference_sww_f32.onnx, 0, 1"})
    void floatsDifferByTheOrderOfSums(String model, float low, float high) throws OrtException {
        Agreement agreement = compare(PublicData.path(model), low, high);
        assertThat(agreement.greatest()).isLessThan(1e-4f);
        assertThat(agreement.answers()).isEqualTo(EXAMPLES);
    }

    /** A sum that lies between two codes may round to either. */
    @ParameterizedTest
    @CsvSource({"peers/reference_kws_int8.onnx, -1, 1", "peers/reference_ic_int8.onnx, -1, 1",
        "peers/reference_vww_int8.onnx, 0, 1", "peers/reference_ad_int8.onnx, -1, 1",
        "peers/reference_sww_int8.onnx, 0, 1"})
    void quantizedModelsDifferByACode(String model, float low, float high) throws OrtException {
        Agreement agreement = compare(PublicData.path(model), low, high);
        assertThat(agreement.greatest()).isLessThan(0.03f);
        assertThat(agreement.answers()).isGreaterThanOrEqualTo(EXAMPLES - 2);
    }
}
