package dev.tern.cli.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.tern.cli.measure.OnnxRuntime;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.foreign.ImportedModel.Edge;
import dev.tern.importers.export.ExportOptions;
import dev.tern.importers.task.ModelExport;
import dev.tern.runtime.Element;
import dev.tern.runtime.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Models that came from other tools go out again: what is read of the file has their bits, and ONNX Runtime gives them,
 * too, where products are on codes.
 */
class ExportedModelsTest {
    private static final int EXAMPLES = 3;

    @TempDir
    private Path folder;

    /** Random inputs: f32 numbers, or bytes. */
    private static Object input(Edge edge, boolean bytes, float low, float high, Random random) {
        int count = edge.shape().stream().reduce(1, (a, b) -> a * b);
        byte[] codes = new byte[count];
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            codes[i] = (byte) random.nextInt(Byte.MIN_VALUE, Byte.MAX_VALUE + 1);
            numbers[i] = low + random.nextFloat() * (high - low);
        }
        return bytes ? codes : numbers;
    }

    /** The same in the order of the file. */
    private static OnnxTensor tensor(Object here, Edge edge) throws OrtException {
        int[] places = edge.places();
        long[] shape = edge.sourceShape().stream().mapToLong(Integer::longValue).toArray();
        OrtEnvironment environment = OnnxRuntime.environment();
        if (here instanceof byte[] codes) {
            byte[] there = new byte[codes.length];
            for (int i = 0; i < there.length; i++) {
                there[places[i]] = codes[i];
            }
            return OnnxTensor.createTensor(environment, ByteBuffer.wrap(there), shape, OnnxJavaType.INT8);
        }
        float[] there = new float[places.length];
        for (int i = 0; i < there.length; i++) {
            there[places[i]] = ((float[]) here)[i];
        }
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(there), shape);
    }

    private static Object run(Session session, Object input) {
        Object[] outputs = session.newOutputs(1);
        session.run(new Object[]{input}, outputs);
        return outputs[0];
    }

    private static OrtSession.SessionOptions settings() throws OrtException {
        OrtSession.SessionOptions settings = new OrtSession.SessionOptions();
        settings.setIntraOpNumThreads(1);
        // As the file has it: fused kernels round elsewhere.
        settings.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
        return settings;
    }

    private static float[] floats(Object numbers) {
        if (numbers instanceof int[] integers) {
            float[] floats = new float[integers.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = integers[i];
            }
            return floats;
        }
        return (float[]) numbers;
    }

    private float greatestDifference(Path file, ExportOptions options, float low, float high)
            throws IOException, OrtException {
        Path written = folder.resolve("written.onnx");
        Files.write(written, ModelExport.of(file, options).bytes());
        ImportedModel read = ImportFormat.read(written, ImportOptions.DEFAULT, new Diagnostics());
        Session first = Compilation.of(file).model().newSession();
        Session second = Compilation.of(read).model().newSession();
        Random random = new Random(5);
        Edge input = read.inputs().getFirst();
        int[] places = read.outputs().getFirst().places();
        boolean bytes = first.signature().inputs().getFirst().element() != Element.F32;
        float greatest = 0;
        float scale = 1e-30f;
        try (OrtSession.SessionOptions settings = settings();
                OrtSession runtime = OnnxRuntime.environment().createSession(written.toString(), settings)) {
            for (int example = 0; example < EXAMPLES; example++) {
                // Neither model has its axes turned: both are channels-last.
                Object numbers = input(input, bytes, low, high, random);
                Object answer = run(first, numbers);
                float[] wanted = floats(answer);
                assertThat(Arrays.equals(floats(run(second, numbers)), wanted)).as("the bits of " + file.getFileName())
                        .isTrue();
                try (OnnxTensor tensor = tensor(numbers, input);
                        OrtSession.Result result = runtime.run(Map.of(input.sourceName(), tensor))) {
                    OnnxTensor there = (OnnxTensor) result.get(0);
                    for (int i = 0; i < wanted.length; i++) {
                        float other = answer instanceof int[]
                                ? there.getLongBuffer().get(places[i])
                                : there.getFloatBuffer().get(places[i]);
                        greatest = Math.max(greatest, Math.abs(wanted[i] - other));
                        scale = Math.max(scale, Math.abs(wanted[i]));
                    }
                }
            }
        }
        return greatest / scale;
    }

    @ParameterizedTest
    @CsvSource({"kws/kws_ref_model.tflite", "models/ad01_int8.tflite", "models/vww_96_int8.tflite",
        "mlperf-tiny/str_ww_ref_model.tflite", "mlperf-tiny/pretrainedResnet_quant.tflite"})
    void modelsOfIntegersKeepTheirBytes(String model) throws IOException, OrtException {
        assertThat(greatestDifference(PublicData.path(model), ExportOptions.DEFAULT, -1, 1)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"kws/kws_ref_model_float32.tflite, -1, 1", "models/mnist-8.onnx, 0, 255",
        "models/mlperf_ic.onnx, -2, 2", "models/TFC_1W1A.onnx, 0, 1", "models/TFC_2W2A.onnx, 0, 1",
        "models/finn_tfc_model.onnx, 0, 1", "models/qkeras_jettagging.onnx, -2, 2",
        "models/unsw_nb15-mlp-w2a2.onnx, -1, 1", "kws/kws_mlp_w3a3.qonnx.onnx, -10, 10",
        "peers/reference_ic_int8.onnx, -1, 1", "peers/reference_sww_int8.onnx, 0, 1",
        "peers/reference_ad_int8.onnx, -1, 1"})
    void sumsOfRealsRoundElsewhere(String model, float low, float high) throws IOException, OrtException {
        ExportOptions codes = new ExportOptions(ExportOptions.NEWEST_OPSET, false, true);
        assertThat(greatestDifference(PublicData.path(model), codes, low, high)).isLessThan(1e-5f);
    }
}
