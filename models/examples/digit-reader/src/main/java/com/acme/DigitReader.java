package com.acme;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageIO;

/** Says which digit a grey picture of 28x28 pixels shows. */
public final class DigitReader {
    private final Digits digits = new Digits();

    /** The name of the digit. @param pixels row by row, 0 for black */
    public String read(byte[] pixels) {
        return digits.run(pixels).label();
    }

    /** The grey values of a picture. */
    static byte[] pixels(BufferedImage picture) {
        byte[] pixels = new byte[Digits.IMAGE_ELEMENTS];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) picture.getRaster().getSample(i % 28, i / 28, 0);
        }
        return pixels;
    }

    public static void main(String[] files) throws IOException {
        Digits digits = new Digits();
        for (String file : files) {
            digits.run(pixels(ImageIO.read(new File(file)))).top(3).forEach(best -> System.out
                    .printf(Locale.ROOT, "%s: %s %.2f%n", file, best.label(), best.value()));
        }
    }
}
