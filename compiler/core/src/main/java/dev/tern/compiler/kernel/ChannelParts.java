package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ChannelsFirst;

/**
 * How products are taken in plain loops along rows: so many lines of the output together, or so many rows where they
 * are one line, a loop of the same length for each of some values and channels. What it reads and writes lies in the
 * accumulators, one stretch after the other:
 *
 * <pre>
 * values  [{@link ChannelsFirst#VALUES}][positions]  what the loops read, of some taps and channels of the input
 * sums    [group][positions]                         what they add to, of some channels of the output
 * rows    [positions][channels]                      all sums, as the epilogue wants them
 * images  [input channel][phase][slot]               what all taps see
 * </pre>
 *
 * Positions are those of lines with a margin, {@code pitch} from one line to the next, so that any tap sees of all of
 * them what lies at one distance. With strides an image is one of some phases, each of every so manieth line and pixel.
 *
 * @param lineRows rows of the output in a line
 * @param inputHeight lines of the input, and {@code inputWidth} pixels in one; one where rows see only themselves
 * @param lines of the output that are computed together, 1 of one line
 * @param rows of the output that are computed together; the last part has fewer
 * @param count parts
 * @param pitch positions from a line to the next
 * @param positions of a loop, a multiple of 16
 * @param verticalPhases images of every so manieth line
 * @param horizontalPhases of every so manieth pixel
 * @param slot elements of an image
 * @param group channels of the output whose sums are taken together
 */
public record ChannelParts(int lineRows, int inputHeight, int inputWidth, int lines, int rows, int count, int pitch,
        int positions, int verticalPhases, int horizontalPhases, int slot, int group, int inputChannels,
        int channels) {
    /** Positions of a loop that make its beginning and end a small part of it, and leave room in the caches. */
    public static final int POSITIONS = 600;
    /** Sums are so many elements from each other, or a multiple: as far as an aligned vector is long. */
    private static final int ALIGNED = 16;
    /** Channels whose sums find room in the first-level cache. */
    private static final int GROUP = 16;

    /** Whether a product has as many values and channels as the loops take. */
    public static boolean possible(MultiplyProduct product) {
        return product.groups() == 1 && product.channels() >= ChannelsFirst.CHANNELS
                && product.shape().depth() >= ChannelsFirst.VALUES;
    }

    /** Of a product. */
    public static ChannelParts of(MultiplyProduct product) {
        Window window = product.window();
        Geometry g = window.geometry();
        boolean direct = window.direct();
        int inputHeight = direct ? 1 : window.inputHeight();
        int inputWidth = direct ? window.outputRows() : window.inputWidth();
        int width = direct ? window.outputRows() : window.outputWidth();
        int height = direct ? 1 : window.outputHeight();
        int right = (g.kernelWidth() - 1) * g.dilationWidth();
        int down = (g.kernelHeight() - 1) * g.dilationHeight();
        int shift = right / g.strideWidth();
        // The padding at the end of a line is that at the beginning of the next.
        int after = width - 1 + right - g.padLeft() - (inputWidth - 1);
        int shared = g.strideWidth() > 1 ? 0 : Math.max(0, Math.min(shift, Math.min(g.padLeft(), after)));
        int pitch = width + shift - shared;
        int parts = height == 1
                ? (width + POSITIONS - 1) / POSITIONS
                : (height + Math.max(1, POSITIONS / pitch) - 1) / Math.max(1, POSITIONS / pitch);
        int lines = height == 1 ? 1 : (height + parts - 1) / parts;
        int positions = aligned(height == 1 ? (width + parts - 1) / parts : lines * pitch);
        int rows = height == 1 ? positions : lines * width;
        int group = product.channels() < GROUP ? ChannelsFirst.CHANNELS : GROUP;
        return new ChannelParts(width, inputHeight, inputWidth, lines, rows, (product.rows() + rows - 1) / rows, pitch,
                positions, Math.min(g.strideHeight(), down + 1), Math.min(g.strideWidth(), right + 1), positions + down
                        / g.strideHeight() * pitch + shift,
                group, product.inputChannels(), product.channels());
    }

    private static int aligned(int elements) {
        return (elements + ALIGNED - 1) / ALIGNED * ALIGNED;
    }

    /** Positions from a part's first to that of the next. */
    public int step() {
        return oneLine() ? positions : lines * pitch;
    }

    /** Whether the output is one line, of which a part takes some. */
    public boolean oneLine() {
        return rows == positions && lines == 1;
    }

    /** Images of a channel of the input. */
    public int phases() {
        return verticalPhases * horizontalPhases;
    }

    /** Where the sums begin. */
    public int sums() {
        return ChannelsFirst.VALUES * positions;
    }

    /** Where all sums of the rows begin. */
    public int rowSums() {
        return sums() + group * positions;
    }

    /** Where the images begin. */
    public int images() {
        return rowSums() + positions * channels;
    }

    /** Elements of all. */
    public int elements() {
        return images() + inputChannels * phases() * slot;
    }
}
