package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.Geometry;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;

/**
 * How products where each channel has its own weights are taken in plain loops: so many pixels of a line together, that
 * the loops along their channels are long. What the taps of the pixels see is laid out before, behind the accumulators:
 * a run of pixels for each line of taps where windows lie side by side, else the pixels of each tap. Where two lines
 * share each f32, there is room for the sums of both in front, and for two lines before they share any at the end.
 *
 * @param pixels of the output that are computed together
 * @param count parts of a line; the last begins where it ends with the line
 * @param runs whether windows lie side by side
 * @param span pixels of a run
 * @param channels of a pixel
 * @param pairs whether two lines share each f32
 */
public record LineParts(int pixels, int count, boolean runs, int span, int channels, boolean pairs) {
    /** Elements that make a loop long enough, and find room in the first-level cache with what it reads. */
    private static final int ENOUGH = 768;

    /** Of a product whose lines are computed one by one. */
    public static LineParts of(MultiplyProduct product) {
        return of(product, false);
    }

    /** Of a product. @param pairs whether two lines share each f32 */
    public static LineParts of(MultiplyProduct product, boolean pairs) {
        Geometry g = product.window().geometry();
        int width = product.window().outputWidth();
        int count = Math.min(width, (width * product.channels() + ENOUGH - 1) / ENOUGH);
        int pixels = (width + count - 1) / count;
        boolean runs = g.strideWidth() == 1;
        return new LineParts(pixels, (width + pixels - 1) / pixels, runs, runs
                ? pixels + (g.kernelWidth() - 1) * g.dilationWidth()
                : pixels, product.channels(), pairs);
    }

    /** Whether all that a line sees but its last line of taps was laid out for the line before, a run further. */
    public boolean slides(Geometry geometry) {
        return runs && count == 1 && geometry.kernelHeight() > 1 && geometry.strideHeight() == 1 && geometry
                .dilationHeight() == 1;
    }

    /** Elements of a line's accumulators. */
    public int sums() {
        return pixels * channels;
    }

    /** Elements of what a line of taps sees. */
    public int run() {
        return span * channels;
    }

    /** Where what the taps see begins. */
    public int values() {
        return pairs ? 2 * sums() : sums();
    }

    /** Where the lines begin that share no f32 yet. */
    public int apart(Geometry geometry) {
        return values() + (runs ? geometry.kernelHeight() : geometry.taps()) * run();
    }

    /** Elements of the accumulators and of what is laid out behind them. */
    public int elements(Geometry geometry) {
        return apart(geometry) + (pairs ? 2 * run() : 0);
    }

    /** Where what a tap sees begins, counted from the first accumulator. */
    public int tap(Geometry geometry, int tap) {
        int line = tap / geometry.kernelWidth();
        int column = tap % geometry.kernelWidth();
        return values() + channels * (runs ? line * span + column * geometry.dilationWidth() : tap * span);
    }
}
