package dev.tern.cli.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.cli.measure.Accuracy;
import dev.tern.compiler.Compilation;
import dev.tern.quantizer.dataset.LabelledImages;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that others published give exactly the answers that were measured of them elsewhere. */
class PublishedAnswersTest {
    /** Of 10,000 pictures; pixels as the model was trained with them. */
    @ParameterizedTest
    @CsvSource({"TFC_1W1A.onnx, 1, 9296", "mnist-8.onnx, 255, 9891"})
    void ofMnist(String model, float white, int correct) {
        Path file = PublicData.path("models").resolve(model);
        LabelledImages images = LabelledImages.readMnist(PublicData.path("mnist"), LabelledImages.Part.TEST);
        Accuracy accuracy = Accuracy.measure(Compilation.of(file).model(), new Accuracy.Examples() {
            @Override
            public int count() {
                return images.count();
            }

            @Override
            public Object input(int example) {
                float[] pixels = new float[images.shape().elements()];
                images.copy(example, pixels, 0);
                for (int i = 0; white != 1 && i < pixels.length; i++) {
                    pixels[i] = Math.round(pixels[i] * white);
                }
                return pixels;
            }

            @Override
            public int label(int example) {
                return images.label(example);
            }
        });
        assertThat(accuracy).isEqualTo(new Accuracy(correct, 10_000));
    }
}
