package dev.tern.compiler.kernel;

import java.util.stream.IntStream;

/**
 * Output rows that a product in tiles takes at a time. Their sums of a column of channels lie in memory, and one part
 * of the weights after the other passes over all of them: from caches further off each is read once for so many rows.
 *
 * @param rows neighbours in a line
 * @param lines whole lines; one where rows are a part of a line
 */
public record TileBlock(int rows, int lines) {
    /** Rows whose sums leave the first-level cache room. */
    private static final int MOST_ROWS = 100;
    /** The same where that cache holds a column's weights, and the input of few rows beside them. */
    private static final int MOST_OF_FEW_WEIGHTS = 16;
    /** Products of a sum whose weights are few. */
    private static final int FEW_WEIGHTS = 96;

    /** Rows of most tiles. */
    private static final int TILE = 4;

    /** As many rows as there is room for, in blocks of one size where lines come to that. */
    public static TileBlock of(FilterShape shape) {
        Window window = shape.window();
        int mostRows = shape.depth() > FEW_WEIGHTS ? MOST_ROWS : MOST_OF_FEW_WEIGHTS;
        int line = window.inLines() ? window.outputWidth() : window.outputRows();
        int parts = (line + mostRows - 1) / mostRows;
        if (parts > 1 || !window.inLines()) {
            int even = (line + parts - 1) / parts;
            return new TileBlock(Math.min(line, (even + TILE - 1) / TILE * TILE), 1);
        }
        int height = window.outputHeight();
        int most = Math.min(height, mostRows / line);
        int even = IntStream.rangeClosed(1, most).filter(lines -> height % lines == 0).max().orElse(1);
        return new TileBlock(line, 2 * even > most ? even : most);
    }

    /** All of its rows. */
    public int count() {
        return rows * lines;
    }
}
