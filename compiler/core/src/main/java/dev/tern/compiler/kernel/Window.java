package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.Geometry;
import dev.tern.runtime.layout.BorderLines;
import dev.tern.runtime.layout.BorderSums;

/**
 * Which input rows an output row sees: a window sliding over a height x width image of rows.
 *
 * @param inputHeight rows of pixels, 1 for a vector or a list of tokens
 * @param inputWidth pixels in a row; tokens
 */
public record Window(int inputHeight, int inputWidth, Geometry geometry) {
    /** Every output row sees the input row of the same index. */
    public static Window rows(int rows) {
        return new Window(1, rows, Geometry.valid(1, 1, 1));
    }

    public int outputHeight() {
        return geometry.outputHeight(inputHeight);
    }

    public int outputWidth() {
        return geometry.outputWidth(inputWidth);
    }

    public int outputRows() {
        return outputHeight() * outputWidth();
    }

    /**
     * The input row that a tap of an output row falls on, or -1 in the padding.
     *
     * @param row the output row
     * @param tap ky * kernelWidth + kx
     */
    public int inputRow(int row, int tap) {
        int y = row / outputWidth() * geometry.strideHeight() - geometry.padTop()
                + tap / geometry.kernelWidth() * geometry.dilationHeight();
        int x = row % outputWidth() * geometry.strideWidth() - geometry.padLeft()
                + tap % geometry.kernelWidth() * geometry.dilationWidth();
        return y < 0 || y >= inputHeight || x < 0 || x >= inputWidth ? -1 : y * inputWidth + x;
    }

    /** The same where the padding lies around the input in memory, see {@link PaddedImage}. */
    public int paddedRow(int row, int tap) {
        int y = row / outputWidth() * geometry.strideHeight() + tap / geometry.kernelWidth() * geometry
                .dilationHeight();
        int x = row % outputWidth() * geometry.strideWidth() + tap % geometry.kernelWidth() * geometry.dilationWidth();
        return y * PaddedImage.of(this).paddedWidth() + x;
    }

    /** The sums of the weights of so many channels that an output row has in the padding. */
    public BorderSums borderSums(int channels) {
        return new BorderSums(
                new BorderLines(geometry.kernelHeight(), inputHeight, geometry.strideHeight(),
                        geometry.dilationHeight(), geometry.padTop(), outputHeight()),
                new BorderLines(geometry.kernelWidth(), inputWidth, geometry.strideWidth(), geometry.dilationWidth(),
                        geometry.padLeft(), outputWidth()),
                channels);
    }

    /** Whole lines that are taken together where so many rows are. */
    public int lines(int rows) {
        return inLines() ? Math.max(1, rows / outputWidth()) : 1;
    }

    /**
     * Rows that are taken together where so many could be: at most a line.
     *
     * @param any whether rows that come in no lines count as one line, whatever is left of it
     */
    public int neighbours(int rows, boolean any) {
        return Math.min(rows, any && !inLines() ? outputRows() : outputWidth());
    }

    /**
     * The rows of a unit of work that leaves as few over as can be.
     *
     * @param rows that are taken together, as of {@link #neighbours}
     * @param lines whole lines that are
     */
    public int unit(int rows, int lines, boolean any) {
        int neighbours = neighbours(rows, any);
        return inLines() && (lines > 1 || outputWidth() % neighbours != 0) ? lines * outputWidth() : neighbours;
    }

    /**
     * Whether the windows of the lines lie under one another, without a gap, an overlap or padding above or below.
     * Windows of one row each, which have no lines, do not.
     */
    public boolean stacked() {
        return !direct() && geometry.padTop() == 0 && geometry.padBottom() == 0 && geometry.dilationHeight() == 1
                && geometry.strideHeight() == geometry.kernelHeight();
    }

    /** Whether output rows come line by line: those that see no neighbours are as good as one line. */
    public boolean inLines() {
        return outputHeight() > 1 && !direct();
    }

    /** Whether output row r sees just input row r, so that nothing has to be gathered. */
    public boolean direct() {
        return geometry.taps() == 1 && geometry.strideHeight() == 1 && geometry.strideWidth() == 1
                && !geometry.padded();
    }
}
