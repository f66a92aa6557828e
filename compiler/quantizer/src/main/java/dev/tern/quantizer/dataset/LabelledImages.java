package dev.tern.quantizer.dataset;

import dev.tern.compiler.graph.Shape;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Images of bytes with a class each.
 *
 * @param shape of one image: [height, width, channels]
 * @param pixels 0..255, image by image
 * @param labels the class of each image, 0 and up
 */
public record LabelledImages(Shape shape, byte[] pixels, byte[] labels) {
    static final float WHITE = 255f;

    public LabelledImages {
        if (pixels.length != (long) shape.elements() * labels.length) {
            throw new IllegalArgumentException(
                    pixels.length + " pixels for " + labels.length + " images of " + shape);
        }
    }

    /** Which part of a data set in MNIST's layout. */
    public enum Part {
        TRAINING("train"), TEST("t10k");

        private final String prefix;

        Part(String prefix) {
            this.prefix = prefix;
        }
    }

    /**
     * Reads one part of a data set that is laid out as MNIST is: {@code train-images-idx3-ubyte} and
     * {@code train-labels-idx1-ubyte}, or {@code t10k-...}, each as it is or with {@code .gz}.
     *
     * @throws dev.tern.compiler.diagnostics.CompilationFailedException if a file is missing or damaged, or there are
     *     not as many labels as images
     */
    public static LabelledImages readMnist(Path directory, Part part) {
        IdxFile images = IdxFile.read(directory, find(directory, part.prefix + "-images-idx3-ubyte"), 3);
        Path labelFile = find(directory, part.prefix + "-labels-idx1-ubyte");
        IdxFile labels = IdxFile.read(directory, labelFile, 1);
        int count = images.dimensions().get(0);
        if (labels.elements().length != count) {
            throw IdxFile.unreadable(labelFile, "has " + labels.elements().length + " labels for " + count + " images");
        }
        return new LabelledImages(Shape.of(images.dimensions().get(1), images.dimensions().get(2), 1),
                images.elements(), labels.elements());
    }

    private static Path find(Path directory, String name) {
        Path plain = directory.resolve(name);
        return Files.exists(plain) ? plain : directory.resolve(name + ".gz");
    }

    /** The number of images. */
    public int count() {
        return labels.length;
    }

    /** The class of an image. */
    public int label(int image) {
        return labels[image] & 0xff;
    }

    /** One more than the greatest label. */
    public int classes() {
        int greatest = -1;
        for (int i = 0; i < count(); i++) {
            greatest = Math.max(greatest, label(i));
        }
        return greatest + 1;
    }

    /** Writes the pixels of an image, divided by 255, to {@code target} from {@code offset}. */
    public void copy(int image, float[] target, int offset) {
        int size = shape.elements();
        int from = image * size;
        for (int i = 0; i < size; i++) {
            target[offset + i] = (pixels[from + i] & 0xff) / WHITE;
        }
    }
}
