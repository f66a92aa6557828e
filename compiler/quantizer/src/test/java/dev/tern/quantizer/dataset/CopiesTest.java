package dev.tern.quantizer.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.Dataset;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class CopiesTest {
    private static final int SIDE = 32;

    private static Dataset pictures(byte[]... each) {
        byte[] pixels = new byte[each.length * SIDE * SIDE * 3];
        for (int i = 0; i < each.length; i++) {
            System.arraycopy(each[i], 0, pixels, i * SIDE * SIDE * 3, SIDE * SIDE * 3);
        }
        return new Dataset("pictures", Shape.of(SIDE, SIDE, 3), new Dataset.Values.Pixels(pixels),
                new Dataset.Targets.None());
    }

    /** Soft waves of a colour each, as unlike as two photographs. */
    private static byte[] drawn(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] pixels = new byte[SIDE * SIDE * 3];
        for (int c = 0; c < 3; c++) {
            double across = random.nextDouble(0.5);
            double down = random.nextDouble(0.5);
            double phase = random.nextDouble(6);
            for (int i = 0; i < SIDE * SIDE; i++) {
                double wave = Math.sin(across * (i % SIDE) + down * (i / SIDE) + phase);
                pixels[3 * i + c] = (byte) Math.round(128 + 90 * wave);
            }
        }
        return pixels;
    }

    private static byte[] throughJpeg(byte[] pixels) throws IOException {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < SIDE * SIDE; i++) {
            image.setRGB(i % SIDE, i / SIDE, (pixels[3 * i] & 255) << 16 | (pixels[3 * i + 1] & 255) << 8
                    | pixels[3 * i + 2] & 255);
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", file);
        BufferedImage read = ImageIO.read(new ByteArrayInputStream(file.toByteArray()));
        byte[] back = new byte[pixels.length];
        for (int i = 0; i < SIDE * SIDE; i++) {
            int rgb = read.getRGB(i % SIDE, i / SIDE);
            back[3 * i] = (byte) (rgb >> 16);
            back[3 * i + 1] = (byte) (rgb >> 8);
            back[3 * i + 2] = (byte) rgb;
        }
        return back;
    }

    @Test
    void aPictureIsKnownAgainAfterJpeg() throws IOException {
        byte[] stored = throughJpeg(drawn(2));
        assertThat(stored).isNotEqualTo(drawn(2));
        Dataset all = pictures(drawn(1), stored, drawn(3), drawn(4));
        Dataset left = Copies.without(all, pictures(drawn(9), drawn(2), drawn(4)));
        assertThat(((Dataset.Values.Pixels) left.values()).elements())
                .isEqualTo(((Dataset.Values.Pixels) pictures(drawn(1), drawn(3)).values()).elements());
        assertThat(Copies.without(all, pictures(drawn(9)))).isSameAs(all);
    }

    @Test
    void numbersHaveToBeTheSame() {
        Dataset numbers = new Dataset("numbers", Shape.of(2), new Dataset.Values.Numbers(
                new float[]{1, 2, 1, 2.001f, 3, 4}), new Dataset.Targets.None());
        Dataset known = new Dataset("known", Shape.of(2), new Dataset.Values.Numbers(new float[]{1, 2}),
                new Dataset.Targets.None());
        assertThat(((Dataset.Values.Numbers) Copies.without(numbers, known).values()).elements())
                .containsExactly(1, 2.001f, 3, 4);
    }
}
