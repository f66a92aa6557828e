package com.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class DigitReaderTest {
    @Test
    void readsASeven() throws IOException {
        byte[] pixels = DigitReader.pixels(ImageIO.read(getClass().getResource("/seven.png")));
        assertEquals("seven", new DigitReader().read(pixels));
    }

    @Test
    void givesTheSameIntoArraysThatAreReused() throws IOException {
        byte[] pixels = DigitReader.pixels(ImageIO.read(getClass().getResource("/seven.png")));
        float[] image = new float[Digits.IMAGE_ELEMENTS];
        for (int i = 0; i < image.length; i++) {
            image[i] = (pixels[i] & 0xff) / 255f;
        }
        float[] scores = new float[Digits.SCORES_ELEMENTS];
        Digits digits = new Digits();
        digits.run(image, scores);
        assertEquals(digits.run(pixels).values()[7], scores[7]);
        assertEquals("seven", Digits.SCORES_LABELS.get(7));
    }
}
