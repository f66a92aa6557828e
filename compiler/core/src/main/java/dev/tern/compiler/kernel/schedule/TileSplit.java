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
        TileSplit one = of(width, 1, most);
        TileSplit best = one;
        for (int together = 2; together <= Math.min(lines, MOST_LINES); together++) {
            TileSplit split = of(width, together, most);
            if (split.time(lines, one, least) < GAIN * best.time(lines, one, least)) {
                best = split;
            }
        }
        return best;
    }

    /** What a line takes in the mean, in rows of tiles that have the least or more. */
    public static double time(int width, int lines, int most, int least) {
        return of(width, lines, most, least).time(lines, of(width, 1, most), least) / (double) lines;
    }

    private static TileSplit of(int width, int lines, int most) {
        int all = width * lines;
        int tiles = (all + most - 1) / most;
        return new TileSplit(lines, IntStream.range(0, tiles).mapToObj(i -> (all + tiles - 1 - i) / tiles).toList());
    }

    private int time(int all, TileSplit left, int least) {
        return all / lines * time(least) + all % lines * left.time(least);
    }

    private int time(int least) {
        return rows.stream().mapToInt(count -> Math.max(count, least)).sum();
    }
}
