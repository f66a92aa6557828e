package dev.tern.runtime.layout;

/**
 * One axis of a window that slides over an image, by where its taps lie in the padding. Lines of the output that see no
 * padding are of one kind, each other line is of its own: the kind of line {@code i} is
 * {@code min(i, firstWhole) + max(0, i - lastWhole)}.
 *
 * @param taps of the kernel along the axis
 * @param size of the image
 * @param stride from one line of the output to the next
 * @param dilation from one tap to the next
 * @param padding before the image
 * @param lines of the output
 */
public record BorderLines(int taps, int size, int stride, int dilation, int padding, int lines) {
    static final int PARAMETERS = 6;

    static BorderLines read(int[] parameters, int first) {
        return new BorderLines(parameters[first], parameters[first + 1], parameters[first + 2], parameters[first + 3],
                parameters[first + 4], parameters[first + 5]);
    }

    /** The first line that sees no padding, or the number of lines. */
    public int firstWhole() {
        return anyWhole() ? (int) first() : lines;
    }

    /** The last line that sees no padding; the last of all if there is none. */
    public int lastWhole() {
        return anyWhole() ? (int) last() : lines - 1;
    }

    private boolean anyWhole() {
        return first() <= last();
    }

    private long first() {
        return (padding + stride - 1L) / stride;
    }

    private long last() {
        return Math.min(lines - 1L, Math.floorDiv(size + (long) padding - (taps - 1L) * dilation - 1, (long) stride));
    }

    /** How many kinds of lines there are. */
    public int kinds() {
        return kind(lines - 1) + 1;
    }

    public int kind(int line) {
        return Math.min(line, firstWhole()) + Math.max(0, line - lastWhole());
    }

    /** A line of a kind. */
    int line(int kind) {
        return kind <= firstWhole() ? kind : lastWhole() + kind - firstWhole();
    }

    /** Whether a tap of a line lies in the padding. */
    public boolean outside(int line, int tap) {
        long at = (long) line * stride - padding + (long) tap * dilation;
        return at < 0 || at >= size;
    }

    boolean possible() {
        return taps > 0 && size > 0 && stride > 0 && dilation > 0 && padding >= 0 && lines > 0;
    }

    void write(int[] parameters, int first) {
        parameters[first] = taps;
        parameters[first + 1] = size;
        parameters[first + 2] = stride;
        parameters[first + 3] = dilation;
        parameters[first + 4] = padding;
        parameters[first + 5] = lines;
    }
}
