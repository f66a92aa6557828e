package dev.tern.importers.dataset.picture;

import java.util.function.IntToDoubleFunction;

/**
 * A picture as stored, one sample after the other: row by row, the channels of a pixel together.
 *
 * @param channels 1 for grey, 3 for red, green, blue
 * @param highest the value that full brightness has: 255 or 65535
 * @param samples height * width * channels values of 0..highest
 */
public record Image(int width, int height, int channels, int highest, char[] samples) {
    /**
     * The same picture with one channel or three. Grey is ITU-R 601 luma, as PIL's conversion to "L" computes it; grey
     * becomes three equal channels.
     */
    public Image withChannels(int wanted) {
        if (wanted == channels) {
            return this;
        }
        int pixels = width * height;
        char[] converted = new char[pixels * wanted];
        for (int i = 0; i < pixels; i++) {
            if (wanted == 3) {
                converted[3 * i] = samples[i];
                converted[3 * i + 1] = samples[i];
                converted[3 * i + 2] = samples[i];
            } else {
                long luma = samples[3 * i] * 19595L + samples[3 * i + 1] * 38470L + samples[3 * i + 2] * 7471L;
                converted[i] = (char) (luma + 0x8000 >> 16);
            }
        }
        return new Image(width, height, wanted, highest, converted);
    }

    /**
     * The picture at another size: each new pixel is the mean of the old ones under a triangle as wide as two new
     * pixels (or two old ones, where the picture grows), first along rows, then along columns: what torchvision's
     * {@code resize} does with its defaults.
     */
    public Image resized(int newWidth, int newHeight) {
        if (newWidth == width && newHeight == height) {
            return this;
        }
        double[] wide = stretch(i -> samples[i], height, width, channels, newWidth);
        double[] all = stretch(i -> wide[i], 1, height, newWidth * channels, newHeight);
        char[] result = new char[all.length];
        for (int i = 0; i < all.length; i++) {
            result[i] = (char) Math.clamp(Math.rint(all[i]), 0, highest);
        }
        return new Image(newWidth, newHeight, channels, highest, result);
    }

    /** Resamples the middle one of three dimensions [outer, length, inner] to a new length. */
    private static double[] stretch(IntToDoubleFunction values, int outer, int length, int inner, int newLength) {
        double step = (double) length / newLength;
        double radius = Math.max(step, 1);
        double[] result = new double[outer * newLength * inner];
        for (int to = 0; to < newLength; to++) {
            double centre = (to + 0.5) * step;
            int first = Math.max(0, (int) (centre - radius + 0.5));
            int last = Math.min(length, (int) (centre + radius + 0.5));
            double total = 0;
            for (int from = first; from < last; from++) {
                total += weight(from, centre, radius);
            }
            for (int o = 0; o < outer; o++) {
                for (int from = first; from < last; from++) {
                    double share = weight(from, centre, radius) / total;
                    int source = (o * length + from) * inner;
                    int target = (o * newLength + to) * inner;
                    for (int i = 0; i < inner; i++) {
                        result[target + i] += share * values.applyAsDouble(source + i);
                    }
                }
            }
        }
        return result;
    }

    private static double weight(int pixel, double centre, double radius) {
        return Math.max(0, 1 - Math.abs(pixel + 0.5 - centre) / radius);
    }
}
