package dev.tern.compiler.kernel.cost;

import dev.tern.compiler.kernel.LookUpForm;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.kernel.schedule.ProductSchedule.CarrySavePanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ChannelsFirst;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Lines;
import dev.tern.compiler.kernel.schedule.ProductSchedule.LookUps;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Multiplications;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountLoops;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountPanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ShortPanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.target.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The schedules that are worth a thought for a product: none that does the same as another, or is never faster. */
final class PossibleSchedules {
    /** Output channels that kernels with panels take at a time. */
    private static final int COLUMN = 64;
    /** Output rows that make the reading of a panel a small part of its use. */
    private static final int ENOUGH_ROWS = 16;
    /** Bytes of patches that leave the first-level cache room for a panel. */
    private static final int MOST_PATCH_BYTES = 32 << 10;

    /** Rows of a line along which weights of a depthwise product stay in registers; their sums stay in the cache. */
    private static final int MOST_LINE_ROWS = 32;
    /** Steps that make the widening of sums of 16 bits a small part of them. */
    private static final int ENOUGH_PRODUCTS = 32;
    /** The same of sums in bytes, which are widened by fewer instructions. */
    private static final int ENOUGH_IN_BYTES = 8;

    /** In products of so many words the loop over them takes most of the time. */
    private static final int FEW_WORDS = 4;
    /** Rows by values of each in a loop: eight products, and of more C2 of Java 17 and 25 makes no vector code. */
    private static final int SHARED_ROWS = 4;
    private static final int SHARED_VALUES = 2;

    /** Rows that make a loop along them worth its beginning and end. */
    private static final int LONG_LOOP = 64;
    /** Products of an output for which whole lines of it may take memory; of fewer, strips of lines are pooled. */
    private static final int MANY_PRODUCTS = 16;

    private PossibleSchedules() {
    }

    static List<ProductSchedule> of(ProductShape shape, Target target) {
        List<ProductSchedule> schedules = new ArrayList<>();
        if (shape.packed()) {
            upTo(shape.words(target.word()), 1, 2, 4, 8).forEach(words -> schedules.add(new PopcountLoops(words)));
            if (target.vector()) {
                for (int vectors : panels(shape, target)) {
                    lines(shape, target, 1).forEach(lines -> schedules.add(new PopcountPanels(vectors, lines, 1)));
                }
                if (shape.bipolar() && shape.indexed() && target.vectorBits() <= 256
                        && shape.words(target.word()) >= FEW_WORDS) {
                    lines(shape, target, 1).forEach(lines -> schedules.add(new CarrySavePanels(lines)));
                }
                if (shape.bipolar() && shape.indexed() && target.vectorBits() <= 256
                        && shape.depth() <= ShortPanels.MOST_WORDS * Short.SIZE) {
                    lines(shape, target, 1).forEach(lines -> schedules.add(new ShortPanels(lines)));
                }
                // More accumulators than 2 x 4 leave the JIT compiler no registers.
                if (shape.width() > 1 && shape.oneCount() && eightCounts(shape, target)) {
                    lines(shape, target, 2).forEach(lines -> schedules.add(new PopcountPanels(4, lines, 2)));
                    // So few channels are soon done with: what a panel costs besides is shared by more rows.
                    if (shape.width() >= 4 && shape.channels() <= target.lanes() && target.vectorBits() == 512) {
                        lines(shape, target, 2).forEach(lines -> schedules.add(new PopcountPanels(2, lines, 4)));
                    }
                }
                // A table fills a vector of 256 bits.
                if (shape.indexed() && shape.activationBits() > 1 && !shape.bipolar() && target
                        .vectorBits() >= LookUpForm.TABLE * Byte.SIZE && !twoDigitsOfTaps(shape, target)) {
                    lookUps(shape, target, schedules);
                }
            }
        }
        if (target.vector() && (!shape.bipolar() || shape.groups() > 1)) {
            tiles(shape, target, schedules);
        }
        if (shape.depthwise() && target.vectorized() && !target.vector()) {
            // What is wanted of a line takes memory, which those one pixel at a time do without.
            schedules.add(new Lines());
        }
        if (shape.groups() == 1 && target.vectorized() && !target.vector() && shape.rows() >= LONG_LOOP
                && shape.depth() >= MANY_PRODUCTS && shape.channels() >= ChannelsFirst.CHANNELS) {
            schedules.add(new ChannelsFirst());
        }
        if (shape.groups() == 1 && target.vectorized() && !target.vector() && lineRows(shape) >= SHARED_ROWS) {
            schedules.add(new Multiplications(Math.min(SHARED_VALUES, shape.depth()), SHARED_ROWS));
        }
        boolean depthwise = shape.groups() > 1 && shape.groups() == shape.channels();
        upTo(depthwise ? 1 : shape.depth(), 4, 8).forEach(values -> schedules.add(new Multiplications(values)));
        return schedules;
    }

    /**
     * Whether a look-up is two of each tap of a window, in vectors of 256 bits: tiles of shorts are faster by a tenth
     * and more, and of 512 channels C2 gives up on it.
     */
    private static boolean twoDigitsOfTaps(ProductShape shape, Target target) {
        return shape.activationBits() > 4 && shape.taps() > 1 && target.vectorBits() < 512;
    }

    /** Tiles of rows by vectors of channels, as registers allow. */
    private static void tiles(ProductShape shape, Target target, List<ProductSchedule> schedules) {
        if (shape.groups() == 1) {
            int width = lineRows(shape);
            for (Tiles.Lane lane : lanes(shape, target)) {
                int column = COLUMN / target.lanes() / lane.channels();
                int lanes = target.lanes() * lane.channels();
                int vectors = Math.min(column, (shape.channels() + lanes - 1) / lanes);
                if (width == 1) {
                    // One row hides the latency of additions by many vectors.
                    schedules.add(new Tiles(1, powerOfTwo(Math.min(8, vectors)), lane));
                    continue;
                }
                for (int rows : tileRows(shape, target, lane)) {
                    if (rows <= width * (shape.gathered() ? shape.lines() : 1)) {
                        schedules.add(new Tiles(rows, Math.min(2, vectors), lane));
                    }
                }
            }
        } else if (shape.depthwise()) {
            int rows = depthwiseRows(shape);
            schedules.add(new Tiles(rows, 1));
            if (shape.productsIn16Bits() >= shape.taps()) {
                schedules.add(new Tiles(rows, 1, Tiles.Lane.I16));
            }
        }
    }

    /** Rows beside each other: those of a line, or all where no row sees its neighbours. */
    private static int lineRows(ProductShape shape) {
        return shape.rows() == 1 || shape.gathered() ? shape.width() : shape.rows();
    }

    /** Equal parts of a line, or some short lines. */
    private static int depthwiseRows(ProductShape shape) {
        int most = Math.min(shape.lines(), MOST_LINE_ROWS / shape.width());
        if (shape.gathered() && most > 1) {
            int even = IntStream.rangeClosed(1, most).filter(lines -> shape.lines() % lines == 0).max().orElse(1);
            return shape.width() * (2 * even > most ? even : most);
        }
        int parts = (shape.width() + MOST_LINE_ROWS - 1) / MOST_LINE_ROWS;
        return (shape.width() + parts - 1) / parts;
    }

    /** Of bytes only where look-ups, which take a vector of 512 bits to be fast, are slower. */
    private static List<Tiles.Lane> lanes(ProductShape shape, Target target) {
        List<Tiles.Lane> lanes = new ArrayList<>(List.of(Tiles.Lane.F32));
        if (shape.productsIn16Bits() >= ENOUGH_PRODUCTS) {
            lanes.add(Tiles.Lane.I16);
        }
        if (shape.productsInBytes() >= ENOUGH_IN_BYTES && target.vectorBits() <= 256) {
            lanes.add(Tiles.Lane.I8);
        }
        return lanes;
    }

    /**
     * Rows of tiles of two vectors. Five of them leave 16 registers just room for the rest where the JIT compiler does
     * not load all values of a step at once, as it does where they lie in one run.
     */
    private static int[] tileRows(ProductShape shape, Target target, Tiles.Lane lane) {
        if (target.vectorBits() == 512) {
            return new int[]{2, 3, 4, 5, 8};
        }
        return shape.gathered() && shape.activationBits() > 0 && lane == Tiles.Lane.F32
                ? new int[]{2, 3, 4, 5}
                : new int[]{2, 3, 4};
    }

    /** The greatest that is not above. */
    private static int powerOfTwo(int most) {
        return Integer.highestOneBit(most);
    }

    /** The sizes, less those that are above a limit; at least the limit itself. */
    private static List<Integer> upTo(int limit, int... sizes) {
        List<Integer> list = new ArrayList<>();
        for (int size : sizes) {
            if (size <= limit) {
                list.add(size);
            }
        }
        return list.isEmpty() ? List.of(Math.min(limit, sizes[0])) : list;
    }

    /**
     * Whether eight vectors of counts find registers. Of the sixteen that vectors of 256 bits have, the counting of
     * bits takes six: then they are as fast as four in one start of a JVM, and take half as long again in the next.
     * Where a few words make a product, what a panel costs besides is more.
     */
    private static boolean eightCounts(ProductShape shape, Target target) {
        return target.vectorBits() != 256 || shape.words(target.word()) < FEW_WORDS;
    }

    /** Vectors in a panel. A panel that no product fills is the same as a smaller one. */
    private static List<Integer> panels(ProductShape shape, Target target) {
        List<Integer> vectors = new ArrayList<>(List.of(4));
        if (shape.channels() > 4 * target.lanes() / 2 && eightCounts(shape, target)) {
            vectors.add(8);
        }
        return vectors;
    }

    /** Lines of the output that are gathered at a time: they divide its height, and their patches fit the cache. */
    private static TreeSet<Integer> lines(ProductShape shape, Target target, int together) {
        boolean atOnce = !shape.gathered() || shape.rows() == 1;
        TreeSet<Integer> lines = new TreeSet<>(atOnce || together == 1 ? List.of(0) : List.of());
        if (atOnce || shape.channels() <= COLUMN && together == 1) {
            return lines;
        }
        for (int count = 1; count <= shape.lines(); count++) {
            int rows = count * shape.width();
            long patch = (long) shape.activationBits() * shape.words(target.word()) * target.word().bytes();
            boolean room = rows * patch <= MOST_PATCH_BYTES;
            if (shape.lines() % count == 0 && (room || count == 1)) {
                if (rows > 1) {
                    lines.add(count);
                }
                if (rows >= ENOUGH_ROWS) {
                    break;
                }
            }
        }
        return lines;
    }

    /** Rows share indices, or columns tables, where there are as many; not with two digits, for want of registers. */
    private static void lookUps(ProductShape shape, Target target, List<ProductSchedule> schedules) {
        boolean wide = target.vectorBits() == Byte.SIZE * COLUMN;
        TreeSet<Integer> chunks = chunks(shape, wide);
        chunks.forEach(groups -> schedules.add(new LookUps(groups, 1, 1)));
        if (shape.activationBits() > 4) {
            return;
        }
        // Sums of four rows fill 32 registers.
        for (int rows = 2; rows <= Math.min(wide ? 4 : 2, shape.width()); rows *= 2) {
            schedules.add(new LookUps(together(chunks.last(), rows), rows, 1));
        }
        if (shape.channels() >= 2 * COLUMN && wide) {
            schedules.add(new LookUps(together(chunks.last(), 2), 1, 2));
        }
    }

    private static int together(int most, int count) {
        int groups = most;
        while (!LookUps.fits(groups, count)) {
            groups--;
        }
        return groups;
    }

    /**
     * Groups whose entries are added in bytes, as many as an unsigned byte can hold and the JIT compiler bears.
     *
     * @param wide whether there are 32 registers. With 16 rounds of a power of two are slow: of such C2 of JDK 25
     * proves
     *        that all loads lie within their memory, makes them at once and has no register left
     */
    private static TreeSet<Integer> chunks(ProductShape shape, boolean wide) {
        int perIndex = shape.weights() == ProductShape.WeightSet.TERNARY ? 3 : 5;
        boolean two = shape.activationBits() > 4;
        int highest = perIndex << Math.min(4, shape.activationBits());
        int groups = (shape.inputChannels() + 2 * perIndex - 1) / (2 * perIndex) * 2;
        TreeSet<Integer> chunks = new TreeSet<>();
        for (int size : wide ? two ? new int[]{2, 4} : new int[]{3, 5, 8} : new int[]{3, 5, 7}) {
            int most = Math.min(Math.min(size, 255 / highest), groups);
            chunks.add(wide && two ? most / 2 * 2 : most);
        }
        return chunks;
    }
}
