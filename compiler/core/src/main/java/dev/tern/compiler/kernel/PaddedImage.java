package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.Geometry;

/**
 * An image whose padding lies around it in memory, so that every tap of a window falls on a row of the buffer.
 *
 * @param height lines of the image itself
 * @param width pixels in a line of the image itself
 * @param top lines of the margin above, and so on
 */
public record PaddedImage(int height, int width, int top, int left, int bottom, int right) {
    /** The input of a window with as much of a margin as its geometry pads. */
    public static PaddedImage of(Window window) {
        Geometry g = window.geometry();
        return new PaddedImage(window.inputHeight(), window.inputWidth(), g.padTop(), g.padLeft(), g.padBottom(),
                g.padRight());
    }

    /** Pixels in a line, with the margin. */
    public int paddedWidth() {
        return left + width + right;
    }

    /** Rows of the buffer. */
    public int rows() {
        return (top + height + bottom) * paddedWidth();
    }

    /** Rows of the image itself. */
    public int inside() {
        return height * width;
    }

    /** Whether there is a margin. */
    public boolean padded() {
        return rows() > inside();
    }

    /** The row of the buffer that holds a pixel; coordinates count from the image's first pixel. */
    public int row(int y, int x) {
        return (y + top) * paddedWidth() + x + left;
    }

    /** The row of the image that a row of the buffer holds, or -1 in the margin. */
    public int inputRow(int row) {
        int y = row / paddedWidth() - top;
        int x = row % paddedWidth() - left;
        return y < 0 || y >= height || x < 0 || x >= width ? -1 : y * width + x;
    }
}
