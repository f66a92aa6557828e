package dev.tern.importers.dataset.picture;

import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;

/** Pictures of one size, made to fit a model that takes another. */
public final class FittedPictures {
    private static final int WHITE = 255;

    private FittedPictures() {
    }

    /**
     * A data set of pixels whose pictures have the height and width that are wanted, if they are to be made to fit;
     * else, or where no picture is wanted, the data set as it is.
     *
     * @param pixels of every example, [height, width, channels], one example after the other
     * @param shape of an example
     */
    public static Dataset of(String name, Shape shape, byte[] pixels, Dataset.Targets targets, DatasetRequest request) {
        Shape wanted = request.shape().filter(found -> request.resize() && found.rank() >= 2).orElse(shape);
        int height = wanted.dimension(0);
        int width = wanted.dimension(1);
        if (height == shape.dimension(0) && width == shape.dimension(1)) {
            return new Dataset(name, shape, new Dataset.Values.Pixels(pixels), targets);
        }
        Shape fitted = Shape.of(height, width, shape.channels());
        int count = pixels.length / shape.elements();
        byte[] all = new byte[Math.multiplyExact(count, fitted.elements())];
        char[] samples = new char[shape.elements()];
        for (int n = 0; n < count; n++) {
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (char) (pixels[n * samples.length + i] & 0xff);
            }
            char[] resized = new Image(shape.dimension(1), shape.dimension(0), shape.channels(), WHITE, samples)
                    .resized(width, height).samples();
            for (int i = 0; i < resized.length; i++) {
                all[n * resized.length + i] = (byte) resized[i];
            }
        }
        return new Dataset(name, fitted, new Dataset.Values.Pixels(all), targets);
    }
}
