package dev.tern.cli.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
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
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
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
}
