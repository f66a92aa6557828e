package dev.tern.cli.samples;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Draws {@code zero.png} to {@code nine.png} into the folder that is its argument. */
final class DrawSamples {
    private DrawSamples() {
    }

    public static void main(String[] arguments) throws IOException {
        for (Digit digit : Digit.values()) {
            BufferedImage image = new BufferedImage(Pen.SIZE, Pen.SIZE, BufferedImage.TYPE_BYTE_GRAY);
            image.getRaster().setDataElements(0, 0, Pen.SIZE, Pen.SIZE, Pen.draw(digit));
            ImageIO.write(image, "png", new File(arguments[0], digit.fileName()));
        }
    }
}
