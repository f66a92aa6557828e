package dev.tern.importers.tflite.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.runtime.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Public models on random inputs: what a compiled import answers is what TFLite's definitions give, byte for byte, and
 * within one code behind a softmax; models of reals within rounding. {@code -Dtflite.inputs=1000} tries that many
 * inputs.
 */
class JudgedModelsTest {
    private static final int INPUTS = Integer.getInteger("tflite.inputs", 5);

    private static Path file(String name) {
        Path data = Stream
                .of(System.getProperty("tern.data"), System.getenv("TERN_DATA"),
                        System.getProperty("tern.root") + "/../shared/data")
                .filter(folder -> folder != null && !folder.isEmpty()).map(Path::of).findFirst().orElseThrow();
        assumeTrue(Files.exists(data.resolve(name)),
                data.resolve(name) + " is absent; say where the data is with -Dtern.data=DIR");
        return data.resolve(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kws/kws_ref_model.tflite", "mlperf-tiny/pretrainedResnet_large_int8.tflite",
        "mlperf-tiny/pretrainedResnet_quant.tflite", "mlperf-tiny/str_ww_ref_model.tflite", "models/ad01_int8.tflite",
        "models/vww_96_int8.tflite"})
    void codes(String name) throws IOException {
        Path file = file(name);
        JudgedModel judge = new JudgedModel(file);
        Session session = session(file);
        Random random = new Random(7);
        byte[] input = new byte[judge.inputs()];
        for (int n = 0; n < INPUTS; n++) {
            random.nextBytes(input);
            int[] expected = judge.run(input);
            float[] actual = session.run(input);
            assertThat(actual).hasSameSizeAs(expected);
            double step = judge.real(1) - judge.real(0);
            for (int i = 0; i < expected.length; i++) {
                // What a compiled model gives is the real that a code stands for.
                assertThat((double) actual[i]).as("input %d, output %d", n, i).isCloseTo(judge.real(expected[i]),
                        within(judge.endsInSoftmax() ? step : 0));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kws/kws_ref_model_float32.tflite", "mlperf-tiny/pretrainedResnet_large_float.tflite",
        "models/ad01_fp32.tflite",
        "models/pretrainedResnet_float.tflite", "models/vww_96_float.tflite"})
    void reals(String name) throws IOException {
        Path file = file(name);
        JudgedModel judge = new JudgedModel(file);
        Session session = session(file);
        Random random = new Random(7);
        float[] input = new float[judge.inputs()];
        for (int n = 0; n < Math.min(INPUTS, 20); n++) {
            for (int i = 0; i < input.length; i++) {
                input[i] = random.nextFloat();
            }
            double[] expected = judge.run(input);
            float[] actual = session.run(input);
            double greatest = 1e-30;
            for (double value : expected) {
                greatest = Math.max(greatest, Math.abs(value));
            }
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) actual[i]).as("input %d, output %d", n, i).isCloseTo(expected[i],
                        within(1e-4 * greatest));
            }
        }
    }

    private static Session session(Path file) {
        return Compilation.of(ImportFormat.read(file, ImportOptions.DEFAULT, new Diagnostics())).model().newSession();
    }

    /** Some products by hand: 100 * 0.3 = 30; ties go away from zero when the shift rounds; 2^30 / 2^31 is one half. */
    @Test
    void requantizationByHand() {
        assertThat(Requantization.of(0.3).apply(100)).isEqualTo(30);
        assertThat(Requantization.of(0.5)).isEqualTo(new Requantization(1 << 30, 0));
        assertThat(Requantization.of(0.25).apply(2)).isEqualTo(1);
        assertThat(Requantization.of(0.25).apply(-2)).isEqualTo(-1);
        assertThat(Requantization.of(3).apply(-7)).isEqualTo(-21);
        assertThat(Requantization.of(1e-12).apply(1 << 30)).isZero();
    }
}
