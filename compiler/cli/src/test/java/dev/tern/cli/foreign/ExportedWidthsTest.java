package dev.tern.cli.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tern.cli.measure.OnnxRuntime;
import dev.tern.compiler.Compilation;
import dev.tern.importers.export.ExportOptions;
import dev.tern.importers.task.Initialization;
import dev.tern.importers.task.ModelExport;
import dev.tern.runtime.Session;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime, with all that it makes of quantizers, runs layers of every scheme in every form. */
class ExportedWidthsTest {
    private static final List<String> WEIGHTS = List.of("binary", "ternary(twn, scale: channel)",
            "int(4)", "int(8)", "float");
    private static final List<ExportOptions> FORMS = List.of(ExportOptions.DEFAULT, new ExportOptions(21, false, false),
            new ExportOptions(20, false, false), new ExportOptions(25, false, true), new ExportOptions(21, false,
                    true));

    @TempDir
    private Path folder;

    /** Every kind of weights, densely and in windows, under one scheme of activations. */
    private Path model(String activations) throws IOException {
        StringBuilder text = new StringBuilder("model Widths(x: f32[6, 6, 4]) -> (y: f32[10, 3]) {\n"
                + "    parameters \"widths.safetensors\"\n");
        StringBuilder all = new StringBuilder();
        int i = 0;
        for (String weights : WEIGHTS) {
            for (String op : List.of("flatten |> dense(3, weights: %s, activations: %s)",
                    "conv(3, 3x3, weights: %1$s, activations: %2$s) |> maxpool(2x2)"
                            + " |> conv(3, 2x2, weights: %1$s, activations: %2$s) |> avgpool")) {
                text.append("    v").append(i).append(" = x |> ").append(op.formatted(weights, activations))
                        .append(" |> reshape([1, 3])\n");
                all.append(all.isEmpty() ? "" : ", ").append('v').append(i);
                i++;
            }
        }
        Path file = Files.writeString(folder.resolve("widths.tern"), text + "    y = concat(" + all
                + ", axis: 0)\n}\n");
        Initialization.of(file, 7).write();
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sign", "ternary(0.5)", "static(1, 0..1)", "static(2, -1..1)", "static(3, 0..2)",
        "static(2, scale: 0.5, narrow: true)", "static(2, scale: 1)", "static(4, scale: 0.2)", "static(4, -1..2)",
        "static(5, scale: 0.1)", "static(8, scale: 0.02)", "static(8, -2..2)", "dynamic(2)", "dynamic(3, absmax)",
        "dynamic(4)", "dynamic(8)", "dynamic(8, absmax)", "float"})
    void everySchemeRuns(String activations) throws IOException, OrtException {
        Path file = model(activations);
        Session session = Compilation.of(file).model().newSession();
        float[] x = new float[144];
        Random random = new Random(9);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        float[] wanted = session.run(x);
        for (ExportOptions options : FORMS) {
            byte[] bytes = ModelExport.of(file, options).bytes();
            OrtEnvironment environment = OnnxRuntime.environment();
            try (OrtSession runtime = environment.createSession(bytes);
                    OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), new long[]{1, 6, 6,
                        4});
                    OrtSession.Result result = runtime.run(Map.of("x", tensor))) {
                float[] found = new float[wanted.length];
                ((OnnxTensor) result.get(0)).getFloatBuffer().get(found);
                for (int i = 0; i < found.length; i++) {
                    assertThat(Math.abs(found[i] - wanted[i])).as(WEIGHTS.get(i / 6) + " at " + i + " " + options
                            + " " + found[i] + " " + wanted[i]).isLessThan((options.codes() ? 1e-4f : 0.1f)
                                    * Math.max(1, Math.abs(wanted[i])));
                }
            }
        }
    }

    private static final ExportOptions NARROWEST = new ExportOptions(25, false, false, true);

    /** What a session gives for a file, or nothing where none can be made of it. */
    private static float[] answer(byte[] file, float[] x, OrtSession.SessionOptions.OptLevel level) {
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
            settings.setOptimizationLevel(level);
            try (OrtSession runtime = environment.createSession(file, settings);
                    OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), new long[]{1, 6, 6,
                        4});
                    OrtSession.Result result = runtime.run(Map.of("x", tensor))) {
                FloatBuffer found = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] answer = new float[found.remaining()];
                found.get(answer);
                return answer;
            }
        } catch (OrtException e) {
            return new float[0];
        }
    }

    private static boolean close(float[] found, float[] wanted) {
        boolean close = found.length == wanted.length;
        for (int i = 0; i < wanted.length && close; i++) {
            close = Math.abs(found[i] - wanted[i]) <= 1e-3f * Math.max(1, Math.abs(wanted[i]));
        }
        return close;
    }

    /**
     * Why static activations are bytes, and weights beside them four bits: of the narrowest types ONNX Runtime's
     * optimizer makes operators that take bytes only, or drops clips that it cannot read. Where this fails it has been
     * mended, and the narrower type can be written.
     */
    @ParameterizedTest
    @ValueSource(strings = {"flatten |> dense(3, weights: ternary, activations: static(8, -2..2))",
        "flatten |> dense(3, weights: int(8), activations: static(2, -1..1))",
        "relu |> conv(3, 3x3, weights: int(4), activations: static(4, scale: 0.2))",
        "conv(3, 3x3, weights: int(4), activations: static(3, scale: 0.3))",
        "conv(4, 3x3, weights: ternary, activations: static(8, -2..2)) |> relu"
                + " |> conv(4, 3x3, weights: ternary, activations: static(8, -2..2))"
                + " |> conv(4, 3x3, weights: ternary, activations: static(8, -2..2))",
        "conv(4, 3x3, weights: int(4), activations: static(4, -1..2)) |> relu"
                + " |> conv(4, 3x3, weights: int(4), activations: static(4, -1..2))"
                + " |> flatten |> dense(3, weights: int(4), activations: static(4, -1..2))"})
    void whatTheOptimizerOfOnnxRuntimeBreaks(String layers) throws IOException {
        Path file = Files.writeString(folder.resolve("narrow.tern"), "model Narrow(x: f32[6, 6, 4]) -> (y: f32[12]) {\n"
                + "    parameters \"narrow.safetensors\"\n    y = x |> " + layers
                + " |> flatten |> dense(12, weights: float, activations: float)\n}\n");
        Initialization.of(file, 7).write();
        float[] x = new float[144];
        Random random = new Random(9);
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        float[] wanted = Compilation.of(file).model().newSession().run(x);
        byte[] narrowest = ModelExport.of(file, NARROWEST).bytes();
        assertThat(close(answer(narrowest, x, OrtSession.SessionOptions.OptLevel.ALL_OPT), wanted)).isFalse();
        // As it stands in the file the runtime computes it right.
        assertThat(close(answer(narrowest, x, OrtSession.SessionOptions.OptLevel.NO_OPT), wanted)).isTrue();
        assertThat(close(answer(ModelExport.of(file, ExportOptions.DEFAULT).bytes(), x,
                OrtSession.SessionOptions.OptLevel.ALL_OPT), wanted)).isTrue();
    }
}
