package dev.tern.cli.output;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Many pictures in one, beside and below one another. */
public final class SampleSheet {
    private static final int WHITE = 255;

    private SampleSheet() {
    }

    /**
     * A PNG file; empty where samples are no pictures.
     *
     * @param samples one after the other, -1 black and 1 white
     * @param shape of each: [height, width, 1 or 3]
     */
    public static Optional<byte[]> png(float[] samples, int[] shape) {
        if (shape.length != 3 || shape[2] != 1 && shape[2] != 3) {
            return Optional.empty();
        }
        int size = shape[0] * shape[1] * shape[2];
        int count = samples.length / size;
        int across = (int) Math.ceil(Math.sqrt(count));
        int down = (count + across - 1) / across;
        BufferedImage sheet = new BufferedImage(across * (shape[1] + 1), down * (shape[0] + 1),
                BufferedImage.TYPE_INT_RGB);
        for (int n = 0; n < count; n++) {
            for (int pixel = 0; pixel < shape[0] * shape[1]; pixel++) {
                int rgb = 0;
                for (int c = 0; c < 3; c++) {
                    float value = samples[n * size + pixel * shape[2] + c % shape[2]];
                    rgb = rgb << 8 | (int) Math.clamp((value + 1) / 2 * WHITE + 0.5f, 0, WHITE);
                }
                sheet.setRGB(n % across * (shape[1] + 1) + pixel % shape[1],
                        n / across * (shape[0] + 1) + pixel / shape[1], rgb);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(sheet, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("a picture in memory", e);
        }
        return Optional.of(bytes.toByteArray());
    }
}
