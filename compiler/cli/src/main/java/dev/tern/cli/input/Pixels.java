package dev.tern.cli.input;

import dev.tern.compiler.files.OutsideFile;
import dev.tern.importers.dataset.InputProblem;
import dev.tern.importers.dataset.picture.Image;
import dev.tern.importers.dataset.picture.PictureFile;
import dev.tern.importers.dataset.picture.PngReader;
import dev.tern.runtime.Element;
import dev.tern.runtime.Signature.Port;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A picture as an input: scaled to 0..1 for f32, as stored for u8; grey for one channel, red, green, blue for three. A
 * vector takes the grey pixels row by row.
 */
final class Pixels {
    private Pixels() {
    }

    /** How an input's shape is seen as a picture; a width of 0 stands for a vector, which has no width of its own. */
    private record Frame(int width, int height, int channels) {
        static Frame of(Port port, Path file) {
            List<Integer> shape = port.shape();
            boolean pixels = port.element() == Element.F32 || port.element() == Element.U8;
            if (pixels && shape.size() == 1) {
                return new Frame(0, shape.getFirst(), 1);
            }
            if (pixels && (shape.size() == 2 || shape.size() == 3 && (shape.get(2) == 1 || shape.get(2) == 3))) {
                return new Frame(shape.get(1), shape.get(0), shape.size() == 2 ? 1 : shape.get(2));
            }
            throw InputProblem.misshapen(file, "a picture cannot be read into " + port,
                    "give the values as .npy, .csv or .bin");
        }

        boolean fits(int pictureWidth, int pictureHeight) {
            return width == 0
                    ? (long) pictureWidth * pictureHeight == height
                    : pictureWidth == width && pictureHeight == height;
        }

        /** The size of the picture, which of a vector is a square. */
        Frame squared(Port port, Path file) {
            int side = (int) Math.round(Math.sqrt(height));
            if (width == 0 && (long) side * side != height) {
                throw InputProblem.misshapen(file,
                        "no picture can be resized for " + port + ": " + height + " is not a square",
                        "give a picture of exactly " + height + " pixels");
            }
            return width == 0 ? new Frame(side, side, 1) : this;
        }

        @Override
        public String toString() {
            return width == 0 ? height + " pixels" : width + "x" + height + " pixels";
        }
    }

    static Object read(Port port, OutsideFile outside, boolean resize) throws IOException {
        Path file = outside.path();
        Frame frame = Frame.of(port, file);
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            Image image = PictureFile.read(outside);
            return values(port, image, target(port, file, image.width(), image.height(), frame, resize));
        }
        try (PngReader png = new PngReader(outside)) {
            // Before anything large is read.
            Frame target = target(port, file, png.width(), png.height(), frame, resize);
            return values(port, png.read(), target);
        }
    }

    /** The size that a picture is made to have. */
    private static Frame target(Port port, Path file, int width, int height, Frame frame, boolean resize) {
        boolean fits = frame.fits(width, height);
        if (!fits && !resize) {
            throw InputProblem.misshapen(file, "the picture is " + width + "x" + height
                    + " pixels where the model takes " + frame + " (" + port + ")", "--resize makes it fit");
        }
        return fits ? new Frame(width, height, frame.channels) : frame.squared(port, file);
    }

    private static Object values(Port port, Image picture, Frame target) {
        Image image = picture.withChannels(target.channels).resized(target.width, target.height);
        return port.element() == Element.U8 ? stored(image) : scaled(image);
    }

    private static float[] scaled(Image image) {
        float[] values = new float[image.samples().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = image.samples()[i] / (float) image.highest();
        }
        return values;
    }

    /** Of 16-bit pictures the upper byte. */
    private static byte[] stored(Image image) {
        byte[] values = new byte[image.samples().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (image.highest() == 255 ? image.samples()[i] : image.samples()[i] >> 8);
        }
        return values;
    }
}
