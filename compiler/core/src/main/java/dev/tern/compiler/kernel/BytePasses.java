package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.Geometry;
import java.util.ArrayList;
import java.util.List;

/**
 * The passes in which a tile of bytes takes the steps of a window: each of as many steps as a byte holds the sum of.
 * The values of a window's line lie one after the other where pixels do; where they do not, all of a window counts as
 * one line, and a table says where each is.
 *
 * @param lines of a window
 * @param steps of a line
 * @param passes of a line
 */
public record BytePasses(int lines, int steps, int passes) {
    /** Passes whose sums, each up to 127, have a sum in 16 bits. */
    private static final int MOST_SUMMED = Short.MAX_VALUE / Byte.MAX_VALUE;
    /** Passes whose sums wait in memory, which leave the first-level cache room for what a tile reads. */
    private static final int MOST_WAITING = 32;

    /**
     * Passes whose sums wait together, of some whole lines or of a part of one.
     *
     * @param line the first one
     * @param lines how many there are
     * @param from the first step of the first line
     * @param steps of each line
     * @param passes of each line
     * @param ends whether no more passes' sums have a sum in 16 bits with those since the last such, or none are left
     */
    public record Batch(int line, int lines, int from, int steps, int passes, boolean ends) {
        public int allPasses() {
            return lines * passes;
        }

        private Batch thatEnds() {
            return new Batch(line, lines, from, steps, passes, true);
        }
    }

    /**
     * The passes of a product.
     *
     * @param pitch values from one pixel to the next
     * @param exact steps that a byte holds the sum of
     */
    public static BytePasses of(FilterShape shape, int pitch, int exact) {
        Geometry g = shape.window().geometry();
        int values = shape.inputChannels();
        boolean inLine = g.kernelWidth() == 1 || g.dilationWidth() * pitch == values;
        int lines = inLine ? g.kernelHeight() : 1;
        int steps = shape.depth() / lines;
        return new BytePasses(lines, steps, (steps + exact - 1) / exact);
    }

    /** Steps of a pass; of the last one of a line, or of a part of one, perhaps fewer. */
    public int part() {
        return (steps + passes - 1) / passes;
    }

    /** How many passes' sums wait at most. */
    public int waiting() {
        return batches().stream().mapToInt(Batch::allPasses).max().orElseThrow();
    }

    /** All passes in their order. */
    public List<Batch> batches() {
        List<Batch> batches = new ArrayList<>();
        int summed = 0;
        int together = together();
        for (int line = 0; line < lines; line += together) {
            for (int first = 0; first < passes; first += MOST_WAITING) {
                int from = first * part();
                int number = Math.min(MOST_WAITING, passes - first);
                Batch batch = new Batch(line, together, from, Math.min(steps - from, number * part()), number, false);
                if (summed + batch.allPasses() > MOST_SUMMED) {
                    batches.add(batches.removeLast().thatEnds());
                    summed = 0;
                }
                batches.add(batch);
                summed += batch.allPasses();
            }
        }
        batches.add(batches.removeLast().thatEnds());
        return batches;
    }

    /** Lines whose sums wait together: as many as come out even. */
    private int together() {
        for (int number = lines; number > 1; number--) {
            if (lines % number == 0 && number * passes <= MOST_WAITING) {
                return number;
            }
        }
        return 1;
    }
}
