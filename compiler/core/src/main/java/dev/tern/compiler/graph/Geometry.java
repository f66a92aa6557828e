package dev.tern.compiler.graph;

/**
 * The window of a convolution or a pool over a [height, width, channels] value.
 *
 * @param padTop rows of padding above, and so on
 */
public record Geometry(int kernelHeight, int kernelWidth, int strideHeight, int strideWidth, int dilationHeight,
        int dilationWidth, int padTop, int padLeft, int padBottom, int padRight) {
    public static Geometry valid(int kernelHeight, int kernelWidth, int stride) {
        return new Geometry(kernelHeight, kernelWidth, stride, stride, 1, 1, 0, 0, 0, 0);
    }

    /** Output rows for an input of this height; under 1 where the window does not fit. */
    public int outputHeight(int inputHeight) {
        return Math.floorDiv(inputHeight + padTop + padBottom - dilationHeight * (kernelHeight - 1) - 1, strideHeight)
                + 1;
    }

    public int outputWidth(int inputWidth) {
        return Math.floorDiv(inputWidth + padLeft + padRight - dilationWidth * (kernelWidth - 1) - 1, strideWidth) + 1;
    }

    public boolean padded() {
        return padTop + padLeft + padBottom + padRight > 0;
    }

    public int taps() {
        return kernelHeight * kernelWidth;
    }
}
