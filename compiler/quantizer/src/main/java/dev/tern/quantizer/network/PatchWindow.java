package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.graph.Shape;
import java.util.Arrays;

/**
 * Where the taps of a convolution's window fall in a [height, width, channels] image, and the copying of every window
 * into a row of a patch matrix, taps by row, column and channel, as weights [out, kh, kw, c] are laid out.
 */
record PatchWindow(Geometry geometry, int height, int width, int channels) {
    private static final int SHORT = 16;

    PatchWindow(Geometry geometry, Shape image) {
        this(geometry, image.dimension(0), image.dimension(1), image.dimension(2));
    }

    int outputHeight() {
        return geometry.outputHeight(height);
    }

    int outputWidth() {
        return geometry.outputWidth(width);
    }

    /** Output pixels of one example. */
    int pixels() {
        return outputHeight() * outputWidth();
    }

    /** Values under one window. */
    int patch() {
        return geometry.taps() * channels;
    }

    /** The row of the image under kernel row {@code ky} of output row {@code y}; outside 0..height-1 it is padding. */
    int row(int y, int ky) {
        return y * geometry.strideHeight() - geometry.padTop() + ky * geometry.dilationHeight();
    }

    /** The column of the image under kernel column {@code kx} of output column {@code x}. */
    int column(int x, int kx) {
        return x * geometry.strideWidth() - geometry.padLeft() + kx * geometry.dilationWidth();
    }

    boolean inside(int row, int column) {
        return row >= 0 && row < height && column >= 0 && column < width;
    }

    /**
     * Copies every window of the image at {@code imageOffset} into consecutive rows; taps outside are {@code padding}.
     */
    void gather(float[] image, int imageOffset, float[] patches, int patchOffset, float padding) {
        int rows = outputHeight();
        int columns = outputWidth();
        int to = patchOffset;
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                for (int ky = 0; ky < geometry.kernelHeight(); ky++) {
                    gatherRow(image, imageOffset, patches, to, row(y, ky), x, padding);
                    to += geometry.kernelWidth() * channels;
                }
            }
        }
    }

    private void gatherRow(float[] image, int imageOffset, float[] patches, int start, int row, int x, float padding) {
        int kernel = geometry.kernelWidth();
        boolean together = geometry.dilationWidth() == 1;
        if (together && inside(row, column(x, 0)) && inside(row, column(x, kernel - 1))) {
            copy(image, imageOffset + (row * width + column(x, 0)) * channels, patches, start, kernel * channels);
            return;
        }
        int to = start;
        for (int kx = 0; kx < kernel; kx++, to += channels) {
            int column = column(x, kx);
            if (inside(row, column)) {
                copy(image, imageOffset + (row * width + column) * channels, patches, to, channels);
            } else {
                Arrays.fill(patches, to, to + channels, padding);
            }
        }
    }

    /**
     * Copies the pixel under one tap of every window in a row of the output, windows in their order; outside of the
     * image it is {@code padding}.
     */
    void gatherTap(float[] image, int imageOffset, int y, int tap, float[] line, float padding) {
        int row = row(y, tap / geometry.kernelWidth());
        for (int x = 0; x < outputWidth(); x++) {
            int column = column(x, tap % geometry.kernelWidth());
            if (inside(row, column)) {
                copy(image, imageOffset + (row * width + column) * channels, line, x * channels, channels);
            } else {
                Arrays.fill(line, x * channels, (x + 1) * channels, padding);
            }
        }
    }

    /** Copies what {@link #gatherTap} took back to the pixels that it came from, of which no two are the same. */
    void scatterTap(float[] line, float[] image, int imageOffset, int y, int tap) {
        int row = row(y, tap / geometry.kernelWidth());
        for (int x = 0; x < outputWidth(); x++) {
            int column = column(x, tap % geometry.kernelWidth());
            if (inside(row, column)) {
                copy(line, x * channels, image, imageOffset + (row * width + column) * channels, channels);
            }
        }
    }

    /** Of few elements a loop is quicker than the call. */
    private static void copy(float[] from, int start, float[] to, int target, int length) {
        if (length >= SHORT) {
            System.arraycopy(from, start, to, target, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            to[target + i] = from[start + i];
        }
    }

    /** The transpose of {@link #gather}: adds every patch value to the pixel that it was copied from. */
    void scatter(float[] patches, int patchOffset, float[] image, int imageOffset) {
        int rows = outputHeight();
        int columns = outputWidth();
        int from = patchOffset;
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                for (int ky = 0; ky < geometry.kernelHeight(); ky++) {
                    scatterRow(patches, from, image, imageOffset, row(y, ky), x);
                    from += geometry.kernelWidth() * channels;
                }
            }
        }
    }

    private void scatterRow(float[] patches, int start, float[] image, int imageOffset, int row, int x) {
        int from = start;
        for (int kx = 0; kx < geometry.kernelWidth(); kx++, from += channels) {
            int column = column(x, kx);
            if (inside(row, column)) {
                int to = imageOffset + (row * width + column) * channels;
                for (int c = 0; c < channels; c++) {
                    image[to + c] += patches[from + c];
                }
            }
        }
    }
}
