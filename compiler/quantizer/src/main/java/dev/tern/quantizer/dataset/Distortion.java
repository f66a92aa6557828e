package dev.tern.quantizer.dataset;

import dev.tern.importers.dataset.Dataset;
import java.util.random.RandomGenerator;

/**
 * Small random shifts, turns, zooms and mirrorings of images, so that a network sees each one anew in every epoch.
 * Pixels are interpolated bilinearly; outside of the image is black.
 *
 * @param pixels the greatest shift along each axis
 * @param degrees the greatest turn to either side
 * @param zoom the greatest change of size, as a logarithm: 0.1 is about 10 % to either side
 * @param flip whether half of the images are mirrored, left for right
 */
public record Distortion(double pixels, double degrees, double zoom, boolean flip) {
    /** No distortion: images stay as they are. */
    public static final Distortion NONE = new Distortion(0, 0, 0);

    /** Without mirroring. */
    public Distortion(double pixels, double degrees, double zoom) {
        this(pixels, degrees, zoom, false);
    }

    /** Writes a distorted image, as an f32 input takes it, to {@code target} from {@code offset}. */
    public void copy(Dataset images, int image, float[] target, int offset,
            RandomGenerator random) {
        if (equals(NONE)) {
            images.copy(image, target, offset);
            return;
        }
        double angle = Math.toRadians(degrees * either(random));
        double shrink = Math.exp(-zoom * either(random));
        double right = pixels * either(random);
        double down = pixels * either(random);
        Mapping mapping = new Mapping((float) (Math.cos(angle) * shrink), (float) (Math.sin(angle) * shrink),
                (float) right, (float) down, flip && random.nextBoolean());
        mapping.copy(images, image, target, offset);
    }

    private static double either(RandomGenerator random) {
        return 2 * random.nextDouble() - 1;
    }

    /** From a pixel of the distorted image back to where it is found in the original. */
    private record Mapping(float cosine, float sine, float right, float down, boolean mirrored) {
        void copy(Dataset images, int image, float[] target, int offset) {
            int height = images.shape().dimension(0);
            int width = images.shape().dimension(1);
            int channels = images.shape().channels();
            float middleX = (width - 1) / 2f;
            float middleY = (height - 1) / 2f;
            Source source = new Source(images, image * images.shape().elements(), height, width, channels);
            int to = offset;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    float u = (mirrored ? middleX - x : x - middleX) - right;
                    float v = y - middleY - down;
                    float fromX = cosine * u + sine * v + middleX;
                    float fromY = cosine * v - sine * u + middleY;
                    for (int c = 0; c < channels; c++) {
                        target[to++] = images.taken(source.between(fromY, fromX, c));
                    }
                }
            }
        }
    }

    private record Source(Dataset images, int start, int height, int width, int channels) {
        float between(float y, float x, int channel) {
            int top = (int) Math.floor(y);
            int left = (int) Math.floor(x);
            float below = y - top;
            float beside = x - left;
            float upper = at(top, left, channel) * (1 - beside) + at(top, left + 1, channel) * beside;
            float lower = at(top + 1, left, channel) * (1 - beside) + at(top + 1, left + 1, channel) * beside;
            return upper * (1 - below) + lower * below;
        }

        private float at(int y, int x, int channel) {
            boolean inside = y >= 0 && y < height && x >= 0 && x < width;
            return inside ? images.stored(start + (y * width + x) * channels + channel) : 0f;
        }
    }
}
