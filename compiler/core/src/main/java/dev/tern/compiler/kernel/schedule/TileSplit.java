package dev.tern.compiler.kernel.schedule;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How the rows of some lines are divided among tiles: as evenly as can be, since a tile of few rows takes as long as
 * one of some more; where a line does not come out even, tiles go on from one line to the next.
 *
 * @param lines that are divided together
 * @param rows of each tile, the greatest first
 */
public record TileSplit(int lines, List<Integer> rows) {
    /** Each tile of other distances between its rows is code of its own. */
    private static final int MOST_LINES = 4;
    /** What several lines have to gain, for the code they take. */
    private static final double GAIN = 0.95;

    public TileSplit {
        rows = List.copyOf(rows);
    }

    /**
     * The division that takes the least time. Lines that are left are divided one by one.
     *
     * @param width rows of a line
     * @param lines how many there are
     * @param most rows of a tile
     * @param least rows of a tile that take no longer than fewer
     */
    public static TileSplit of(int width, int lines, int most, int least) {
        int together = together(width, lines, most, least);
        int all = width * together;
        int tiles = tiles(all, most);
        return new TileSplit(together, IntStream.range(0, tiles).mapToObj(i -> (all + tiles - 1 - i) / tiles).toList());
    }

    /** What a line takes in the mean, in rows of tiles that have the least or more. */
    public static double time(int width, int lines, int most, int least) {
        return time(width, lines, together(width, lines, most, least), most, least) / (double) lines;
    }

    private static int together(int width, int lines, int most, int least) {
        int best = 1;
        for (int together = 2; together <= Math.min(lines, MOST_LINES); together++) {
            if (time(width, lines, together, most, least) < GAIN * time(width, lines, best, most, least)) {
                best = together;
            }
        }
        return best;
    }

    private static long time(int width, int lines, int together, int most, int least) {
        return lines / together * time(width * together, most, least) + lines % together * time(width, most, least);
    }

    /** What rows take that are divided together. */
    private static long time(int rows, int most, int least) {
        int tiles = tiles(rows, most);
        int fewer = rows / tiles;
        int greater = rows % tiles;
        return (long) greater * Math.max(fewer + 1, least) + (long) (tiles - greater) * Math.max(fewer, least);
    }

    private static int tiles(int rows, int most) {
        return (rows + most - 1) / most;
    }
}
