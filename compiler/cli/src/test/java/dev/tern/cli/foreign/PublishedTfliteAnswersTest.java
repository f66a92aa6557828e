package dev.tern.cli.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Session;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TFLite's reference models of MLPerf Tiny, imported, on the inputs that were published with them. */
class PublishedTfliteAnswersTest {
    private static final int KEYWORDS = 500;
    private static final int PICTURES = 1000;
    /** The scale and zero point of the integer model's input. */
    private static final float KEYWORD_SCALE = 0.5847029f;
    private static final int KEYWORD_ZERO = 83;

    private static CompiledModel compiled(String file) {
        return Compilation.of(PublicData.path(file)).model();
    }

    private static int best(float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    /** The official 500 keywords, as the integer model takes them: right answers. */
    @ParameterizedTest
    @CsvSource({"kws/kws_ref_model.tflite, true, 449", "kws/kws_ref_model_float32.tflite, false, 449"})
    void ofKeywords(String file, boolean integers, int right) throws IOException {
        CompiledModel model = compiled(file);
        Session session = model.newSession();
        int correct = 0;
        try (ZipFile zip = new ZipFile(PublicData.path("kws/mlperf_kws_inputs_000-499.zip").toFile())) {
            String list = new String(zip.getInputStream(zip.getEntry("y_labels.csv")).readAllBytes(),
                    StandardCharsets.US_ASCII);
            for (String line : list.strip().split("\\R")) {
                String[] cells = line.split(",");
                byte[] codes = zip.getInputStream(zip.getEntry(cells[0])).readAllBytes();
                float[] scores = integers ? session.run(codes) : session.run(reals(codes));
                correct += best(scores) == Integer.parseInt(cells[2].strip()) ? 1 : 0;
            }
        }
        assertThat(correct).as("of " + KEYWORDS).isEqualTo(right);
    }

    private static float[] reals(byte[] codes) {
        float[] reals = new float[codes.length];
        for (int i = 0; i < reals.length; i++) {
            reals[i] = KEYWORD_SCALE * (codes[i] - KEYWORD_ZERO);
        }
        return reals;
    }

    /** 1,000 test pictures of CIFAR-10, raw bytes. */
    @ParameterizedTest
    @CsvSource({"mlperf-tiny/pretrainedResnet_quant.tflite, true, 880",
        "models/pretrainedResnet_float.tflite, false, 881",
        "mlperf-tiny/pretrainedResnet_large_int8.tflite, true, 920",
        "mlperf-tiny/pretrainedResnet_large_float.tflite, false, 915"})
    void ofThings(String file, boolean integers, int right) throws IOException {
        CompiledModel model = compiled(file);
        Session session = model.newSession();
        BufferedImage sheet = ImageIO.read(PublicData.path("cifar10/cifar10_batch_50.png").toFile());
        String script = Files.readString(PublicData.path("cifar10/cifar10_labels.js"));
        List<Integer> labels = Arrays.stream(script.replaceAll("[^0-9,]", "").split(",")).map(Integer::valueOf)
                .toList().subList(50_000, 50_000 + PICTURES);
        int correct = 0;
        for (int row = 0; row < PICTURES; row++) {
            byte[] codes = new byte[32 * 32 * 3];
            float[] pixels = new float[codes.length];
            for (int i = 0; i < codes.length; i++) {
                int value = sheet.getRGB(i / 3, row) >> 16 - 8 * (i % 3) & 0xff;
                codes[i] = (byte) (value - 128);
                pixels[i] = value;
            }
            correct += best(integers ? session.run(codes) : session.run(pixels)) == labels.get(row) ? 1 : 0;
        }
        assertThat(correct).as("of " + PICTURES).isEqualTo(right);
    }
}
