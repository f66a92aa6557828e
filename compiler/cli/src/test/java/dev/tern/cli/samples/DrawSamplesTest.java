package dev.tern.cli.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DrawSamplesTest {
    private static final Path SAMPLES = Path.of(System.getProperty("tern.root"), "models/digits/samples");

    @ParameterizedTest
    @EnumSource
    void theSampleIsWhatTheProgramDraws(Digit digit) throws IOException {
        Raster stored = ImageIO.read(SAMPLES.resolve(digit.fileName()).toFile()).getRaster();
        byte[] pixels = (byte[]) stored.getDataElements(0, 0, Pen.SIZE, Pen.SIZE, null);
        assertThat(pixels).isEqualTo(Pen.draw(digit));
    }
}
