package dev.tern.cli.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.cli.output.BarChart;
import dev.tern.compiler.Tern;
import dev.tern.runtime.CompiledModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DrawSamplesTest {
    private static final Path SAMPLES = Path.of(System.getProperty("tern.root"), "models/digits/samples");
    private static final CompiledModel MODEL = Tern.compile(SAMPLES.resolveSibling("digits.tern"));

    @ParameterizedTest
    @EnumSource
    void theSampleIsWhatTheProgramDraws(Digit digit) throws IOException {
        Raster stored = ImageIO.read(SAMPLES.resolve(digit.fileName()).toFile()).getRaster();
        byte[] pixels = (byte[]) stored.getDataElements(0, 0, Pen.SIZE, Pen.SIZE, null);
        assertThat(pixels).isEqualTo(Pen.draw(digit));
    }

    @ParameterizedTest
    @EnumSource
    void theTrainedModelReadsIt(Digit digit) {
        byte[] pixels = Pen.draw(digit);
        float[] image = new float[pixels.length];
        for (int i = 0; i < image.length; i++) {
            image[i] = (pixels[i] & 0xff) / 255f;
        }
        assertThat(BarChart.winner(MODEL.newSession().run(image))).isEqualTo(digit.ordinal());
    }
}
