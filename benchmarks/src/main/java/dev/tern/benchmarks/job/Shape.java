package dev.tern.benchmarks.job;

/**
 * The layer that a job runs.
 *
 * @param kind dense layers are 1x1 convolutions over as many pixels as they have rows
 * @param height of the image; the rows of a dense layer
 * @param width of the image; 1 of a dense layer
 * @param channels of the input
 * @param outputs channels of the output
 * @param kernel rows and columns of the window; the padding is `same`
 */
public record Shape(Kind kind, int height, int width, int channels, int outputs, int kernel) {
    /** What multiplies. */
    public enum Kind {
        /** Rows by a matrix. */
        DENSE,
        /** Windows by filters over all channels. */
        CONV,
        /** Windows, each channel by its own filter. */
        DEPTHWISE
    }

    /** So many rows of k inputs to n outputs. */
    public static Shape dense(int rows, int k, int n) {
        return new Shape(Kind.DENSE, rows, 1, k, n, 1);
    }

    /** A square window over an image. */
    public static Shape conv(int kernel, int channels, int outputs, int height, int width) {
        return new Shape(Kind.CONV, height, width, channels, outputs, kernel);
    }

    /** A square window over each channel of an image. */
    public static Shape depthwise(int kernel, int channels, int height, int width) {
        return new Shape(Kind.DEPTHWISE, height, width, channels, channels, kernel);
    }

    /** Pixels or rows. */
    public int pixels() {
        return height * width;
    }

    /** Input channels that one output channel sees. */
    public int depth() {
        return kind == Kind.DEPTHWISE ? 1 : channels;
    }

    /** Products that one output is the sum of, where none falls into the padding. */
    public int fanIn() {
        return kernel * kernel * depth();
    }

    /** Of one inference, those in the padding among them. */
    public long multiplyAdds() {
        return (long) pixels() * outputs * fanIn();
    }

    /** Without blanks: {@code dense-1x1024-1024}, {@code conv3x3-64-64-on-32x32}. */
    public String name() {
        return switch (kind) {
            case DENSE -> "dense-" + height + "x" + channels + "-" + outputs;
            case CONV -> "conv" + kernel + "x" + kernel + "-" + channels + "-" + outputs + "-on-" + height + "x"
                    + width;
            case DEPTHWISE -> "depthwise" + kernel + "x" + kernel + "-" + channels + "-on-" + height + "x" + width;
        };
    }
}
