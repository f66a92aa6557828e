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
            float middleX = (width - 1) / 2f;
            float middleY = (height - 1) / 2f;
            Source source = Source.of(images, image);
            int to = offset;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++, to += source.channels) {
                    float u = (mirrored ? middleX - x : x - middleX) - right;
                    float v = y - middleY - down;
                    source.between(cosine * v - sine * u + middleY, cosine * u + sine * v + middleX, target, to);
                }
            }
            images.take(target, offset, to);
        }
    }

    /** An image as stored, with a black border: a pixel before it, two after it, along both axes. */
    private record Source(float[] pixels, int height, int width, int channels) {
        private static final int BORDER = 3;

        static Source of(Dataset images, int image) {
            int height = images.shape().dimension(0);
            int width = images.shape().dimension(1);
            int channels = images.shape().channels();
            float[] stored = new float[images.shape().elements()];
            images.copyStored(image, stored, 0);
            float[] bordered = new float[(height + BORDER) * (width + BORDER) * channels];
            for (int y = 0; y < height; y++) {
                System.arraycopy(stored, y * width * channels, bordered,
                        ((y + 1) * (width + BORDER) + 1) * channels, width * channels);
            }
            return new Source(bordered, height, width, channels);
        }

        /** Writes what is between four pixels; beyond the border all is as black as there. */
        void between(float y, float x, float[] target, int to) {
            float insideY = Math.clamp(y, -1f, height);
            float insideX = Math.clamp(x, -1f, width);
            int top = (int) Math.floor(insideY);
            int left = (int) Math.floor(insideX);
            float below = insideY - top;
            float beside = insideX - left;
            int row = (width + BORDER) * channels;
            int at = (top + 1) * row + (left + 1) * channels;
            for (int c = 0; c < channels; c++, at++) {
                float upper = pixels[at] * (1 - beside) + pixels[at + channels] * beside;
                float lower = pixels[at + row] * (1 - beside) + pixels[at + row + channels] * beside;
                target[to + c] = upper * (1 - below) + lower * below;
            }
        }
    }
}
