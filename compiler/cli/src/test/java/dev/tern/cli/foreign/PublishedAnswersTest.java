package dev.tern.cli.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.LayerReport;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import dev.tern.quantizer.evaluation.Accuracy;
import dev.tern.runtime.CompiledModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that others published give exactly the answers that were measured of them elsewhere. */
class PublishedAnswersTest {
    private static final float KEYWORD_SCALE = 0.33674246f;

    private static CompiledModel compiled(String file) {
        return Compilation.of(PublicData.path(file)).model();
    }

    /** Examples in memory. */
    private record Labelled(List<float[]> inputs, List<Integer> labels) implements Accuracy.Examples {
        @Override
        public int count() {
            return inputs.size();
        }

        @Override
        public Object[] inputs(int example) {
            return new Object[]{inputs.get(example)};
        }

        @Override
        public int label(int example) {
            return labels.get(example);
        }
    }

    /** Bits in, bits out: products of signs by signs, thresholds between them, and no layer of floats. */
    @Test
    void oneBitModelsStayOneBit() {
        Compilation compilation = Compilation.of(PublicData.path("models/TFC_1W1A.onnx"));
        assertThat(compilation.layers().stream().mapToLong(LayerReport::binaryMultiplyAdds).sum())
                .isEqualTo(784 * 64 + 2 * 64 * 64 + 64 * 10);
        assertThat(compilation.layers().stream().mapToLong(LayerReport::otherMultiplyAdds).sum()).isZero();
        // Of the six layers before the last one none has a kernel but the four products, each of bits to bits.
        List<String> kernels = compilation.layers().stream().flatMap(layer -> layer.kernels().stream())
                .filter(kernel -> !kernel.startsWith("binary")).toList();
        assertThat(kernels).allMatch(kernel -> kernel.startsWith("elementwise")).hasSizeLessThanOrEqualTo(1);
    }

    /** Of 10,000 pictures; pixels as the model was trained with them. */
    @ParameterizedTest
    @CsvSource({"TFC_1W1A.onnx, 1, 9296", "TFC_2W2A.onnx, 1, 9660", "finn_tfc_model.onnx, 255, 9296",
        "mnist-8.onnx, 255, 9891"})
    void ofDigits(String model, float white, int correct) {
        Dataset images = Datasets.read(PublicData.path("mnist"), DatasetRequest.of(DatasetRequest.Part.TEST));
        List<float[]> inputs = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int example = 0; example < images.count(); example++) {
            float[] pixels = new float[images.shape().elements()];
            images.copy(example, pixels, 0);
            for (int i = 0; white != 1 && i < pixels.length; i++) {
                pixels[i] = Math.round(pixels[i] * white);
            }
            inputs.add(pixels);
            labels.add(images.label(example));
        }
        assertThat(Accuracy.measure(compiled("models/" + model), new Labelled(inputs, labels)))
                .isEqualTo(new Accuracy(correct, 10_000));
    }

    /** The 1,000 keywords that the network came with: mel coefficients [10, 49], as bytes on one scale. */
    private static Labelled keywords(String answers, boolean timeFirst) throws IOException {
        List<float[]> inputs = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        try (ZipFile zip = new ZipFile(PublicData.path("kws/kws_mlp_w3a3_inputs.zip").toFile())) {
            byte[] list = zip.getInputStream(zip.getEntry(answers)).readAllBytes();
            for (String line : new String(list, StandardCharsets.US_ASCII).strip().split("\\R")) {
                String[] cells = line.split(",\\s*");
                byte[] codes = zip.getInputStream(zip.getEntry(cells[0])).readAllBytes();
                float[] input = new float[codes.length];
                for (int i = 0; i < input.length; i++) {
                    input[timeFirst ? i % 49 * 10 + i / 49 : i] = codes[i] * KEYWORD_SCALE;
                }
                inputs.add(input);
                labels.add(Integer.parseInt(cells[2].strip()));
            }
        }
        return new Labelled(inputs, labels);
    }

    @ParameterizedTest
    @CsvSource({"kws_mlp_w3a3.qonnx.onnx, false, 825", "mlperf_kws.onnx, true, 898"})
    void ofKeywords(String model, boolean timeFirst, int correct) throws IOException {
        assertThat(Accuracy.measure(compiled("kws/" + model), keywords("y_labels.csv", timeFirst)))
                .isEqualTo(new Accuracy(correct, 1000));
    }

    /** Weights of three bits take three bits each. */
    @Test
    void keywordsAreStoredAtThreeBits() {
        long weights = 490 * 256 + 2 * 256 * 256 + 256 * 12;
        assertThat(Compilation.of(PublicData.path("kws/kws_mlp_w3a3.qonnx.onnx")).footprint().codes())
                .isEqualTo(weights * 3 / 8);
    }

    @Test
    void predictionsThatCameWithKeywords() throws IOException {
        Accuracy alike = Accuracy.measure(compiled("kws/kws_mlp_w3a3.qonnx.onnx"), keywords("tflm_labels.csv", false));
        assertThat(alike.correct()).isGreaterThanOrEqualTo(998);
    }

    @Test
    void ofThings() throws IOException {
        BufferedImage sheet = ImageIO.read(PublicData.path("cifar10/cifar10_batch_50.png").toFile());
        String script = Files.readString(PublicData.path("cifar10/cifar10_labels.js"));
        List<Integer> all = Arrays.stream(script.replaceAll("[^0-9,]", "").split(",")).map(Integer::valueOf).toList();
        List<Integer> labels = all.subList(50_000, 51_000);
        float[] mean = {.4914f, .4822f, .4465f};
        float[] deviation = {.2023f, .1994f, .2010f};
        List<float[]> inputs = new ArrayList<>();
        for (int row = 0; row < labels.size(); row++) {
            float[] input = new float[32 * 32 * 3];
            for (int pixel = 0; pixel < 32 * 32; pixel++) {
                int rgb = sheet.getRGB(pixel, row);
                for (int channel = 0; channel < 3; channel++) {
                    float value = (rgb >> 16 - 8 * channel & 0xff) / 255f;
                    input[3 * pixel + channel] = (value - mean[channel]) / deviation[channel];
                }
            }
            inputs.add(input);
        }
        assertThat(Accuracy.measure(compiled("models/mlperf_ic.onnx"), new Labelled(inputs, labels)))
                .isEqualTo(new Accuracy(825, 1000));
    }
}
