package dev.tern.importers.dataset.picture;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.importers.dataset.InputProblem;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Reads a picture by its file's extension. */
public final class PictureFile {
    private static final int MOST_BYTES = 1 << 28;
    private static final long MAX_PIXELS = 1L << 25;

    private PictureFile() {
    }

    /**
     * A PNG file, or a JPEG file as the platform decodes it.
     *
     * @throws CompilationFailedException with INPUT_UNREADABLE if it is damaged or too
     *     large
     * @throws IOException if the file cannot be read
     */
    public static Image read(OutsideFile file) throws IOException {
        if (file.path().toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
            try (PngReader png = new PngReader(file)) {
                return png.read();
            }
        }
        return jpeg(file);
    }

    private static Image jpeg(OutsideFile file) throws IOException {
        byte[] bytes = file.bytes(MOST_BYTES);
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
        ImageReader reader = readers.next();
        ImageIO.setUseCache(false);
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in, true, true);
            long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
            if (pixels > MAX_PIXELS) {
                throw InputProblem.unreadable(file.path(), -1, "the picture is too large to read: "
                        + reader.getWidth(0) + "x" + reader.getHeight(0) + " pixels");
            }
            return image(reader.read(0));
        } catch (IOException | RuntimeException e) {
            if (e instanceof CompilationFailedException failed) {
                throw failed;
            }
            throw InputProblem.unreadable(file.path(), -1, "the JPEG file is damaged: " + e.getMessage());
        } finally {
            reader.dispose();
        }
    }

    private static Image image(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        Raster raster = picture.getRaster();
        if (raster.getNumBands() == 1) {
            char[] grey = new char[width * height];
            for (int i = 0; i < grey.length; i++) {
                grey[i] = (char) raster.getSample(i % width, i / width, 0);
            }
            return new Image(width, height, 1, 255, grey);
        }
        char[] samples = new char[width * height * 3];
        for (int i = 0; i < width * height; i++) {
            int rgb = picture.getRGB(i % width, i / width);
            samples[3 * i] = (char) (rgb >> 16 & 0xff);
            samples[3 * i + 1] = (char) (rgb >> 8 & 0xff);
            samples[3 * i + 2] = (char) (rgb & 0xff);
        }
        return new Image(width, height, 3, 255, samples);
    }
}
