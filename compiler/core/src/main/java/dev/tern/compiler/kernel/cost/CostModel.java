package dev.tern.compiler.kernel.cost;

import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.kernel.schedule.ProductSchedule.CarrySavePanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.LookUps;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Multiplications;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountLoops;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountPanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.target.Target;
import java.util.Comparator;
import java.util.List;

/**
 * Predicts what each way to compute a product costs, so that the cheapest can be taken and {@code explain} say why. The
 * constants are nanoseconds, fitted to generated classes on one core of an AVX-512 Xeon under JDK 25.
 */
public final class CostModel {
    /** Plain loops: one word of xor and popcount for one channel, by 1, 2, 4 and 8 words a pass. */
    private static final double[] BINARY_LOOP_WORD = {0.082, 0.073, 0.067, 0.066};
    /** The same of two ands and popcounts; eight words a pass are no longer turned into vector code everywhere. */
    private static final double[] TERNARY_LOOP_WORD = {0.133, 0.123, 0.122, 0.223};
    private static final double LOOP_ROW = 5;
    /** Beginning and ending a pass over the channels. */
    private static final double LOOP_PASS = 2.6;
    /** Channels of one round of the unrolled loop in vector code. */
    private static final int LOOP_CHANNELS = 32;
    /** Panels: one vector of weights by one word of signs. */
    private static final double STEP = 0.33;
    /** The same by carry-save adders. */
    private static final double CARRY_SAVE_STEP = 0.9;
    /** The same of ternary weights, whose two planes keep the ports for loads busy. */
    private static final double TERNARY_STEP = 0.635;
    /** Both where two rows share the loads. */
    private static final double SHARED_STEP = 0.30;
    private static final double SHARED_TERNARY_STEP = 0.52;
    /** Both by a plane of several. */
    private static final double PLANE_STEP = 0.42;
    private static final double TERNARY_PLANE_STEP = 0.77;
    /** Beginning and ending a panel: clearing accumulators, storing them. */
    private static final double PANEL_CALL = 1.4;
    /** Keeping a plane of a patch for later. */
    private static final double KEPT_PATCH = 2;
    /** What follows for 64 channels of a row. */
    private static final double EPILOGUE = 3;
    /** Bytes of the caches that weights find room in. */
    private static final long FIRST_LEVEL = 44 << 10;
    private static final long SECOND_LEVEL = 1_800_000;
    /** One byte of a panel from the second and from the third level. */
    private static final double SECOND_LEVEL_BYTE = 0.0058;
    private static final double THIRD_LEVEL_BYTE = 0.0066;
    /** One index for a vector of channels: a shuffle, an addition, its part of the loads. */
    private static final double LOOK_UP = 0.43;
    /** The same where two or four rows share the index, or two columns the table. */
    private static final double ROWS_LOOK_UP = 0.31;
    private static final double FOUR_ROWS_LOOK_UP = 0.285;
    private static final double COLUMNS_LOOK_UP = 0.365;
    /** The same of four rows whose tables do not fit the first-level cache. */
    private static final double FAR_FOUR_ROWS_LOOK_UP = 0.36;
    /** Bytes of a table. */
    private static final int TABLE_BYTES = 32;
    /** One index for two digits. */
    private static final double TWO_LOOK_UPS = 0.74;
    /** What a byte of indices from the third level adds. */
    private static final double FAR_INDEX_BYTE = 0.005;
    /** Taking sums of bytes into shorts. */
    private static final double WIDEN = 0.287;
    /** Building one table. */
    private static final double TABLE = 0.785;
    /** Placing one word of a tap into a plane of a patch. */
    private static final double GATHER_WORD = 0.28;
    /** One bit of a code into its plane: in vectors of 512 bits, of 256, and one by one. */
    private static final double VECTOR_PACK_BIT = 0.02;
    private static final double HALF_VECTOR_PACK_BIT = 0.1;
    private static final double PACK_BIT = 0.24;
    private static final double MULTIPLY_ADD = 0.084;
    private static final double MULTIPLY_ROW = 20;
    /** Tiles: one vector of weights by one value of a row. */
    private static final double TILE_STEP = 0.14;
    /** Sums that hide the latency of additions. */
    private static final double TILE_LATENCY = 8;
    private static final double TILE_CALL = 6;
    private static final double TILE_WEIGHT_BYTE = 0.02;
    /** One element of the input that becomes f32, in vectors of 512 bits. */
    private static final double TILE_ELEMENT = 0.06;
    /** Depthwise: one tap of a vector of channels, and what comes to a vector of a row besides. */
    private static final double LINE_STEP = 0.16;
    private static final double LINE_ROW = 1.2;
    private static final int MULTIPLY_LANES = 16;
    /** What more values in a pass than four do to its speed. */
    private static final double LONG_PASS = 0.95;

    private final ProductShape shape;
    private final Target target;

    private CostModel(ProductShape shape, Target target) {
        this.shape = shape;
        this.target = target;
    }

    /**
     * One way to compute a product.
     *
     * @param nanoseconds predicted, per inference
     * @param weightBytes what its weights take in the weight file
     */
    public record Candidate(ProductSchedule schedule, double nanoseconds, long weightBytes) {
        public Family family() {
            return schedule.family();
        }
    }

    /** Chooses among the ways that are possible. */
    public interface Choice {
        /** The cheapest by this model. */
        Choice CHEAPEST = (layer, shape, candidates) -> candidates.getFirst().schedule();

        /**
         * The schedule of one product.
         *
         * @param layer the path of the layer that the product belongs to
         * @param candidates at least one, the cheapest first
         */
        ProductSchedule of(String layer, ProductShape shape, List<Candidate> candidates);

        /** One family wherever it is possible. */
        static Choice preferring(Family family) {
            return (layer, shape, candidates) -> candidates.stream()
                    .filter(candidate -> candidate.family() == family).findFirst().orElse(candidates.getFirst())
                    .schedule();
        }
    }

    /** The ways that are possible, the cheapest first. */
    public static List<Candidate> candidates(ProductShape shape, Target target) {
        CostModel model = new CostModel(shape, target);
        return PossibleSchedules.of(shape, target).stream().map(model::candidate).sorted(
                Comparator.comparingDouble(Candidate::nanoseconds).thenComparingLong(Candidate::weightBytes)).toList();
    }

    private Candidate candidate(ProductSchedule schedule) {
        return switch (schedule) {
            case PopcountLoops s -> new Candidate(s, loops(s), popcountBytes());
            case PopcountPanels s -> new Candidate(s, panels(s), popcountBytes());
            case CarrySavePanels s -> new Candidate(s, carrySave(s), popcountBytes());
            case LookUps s -> new Candidate(s, lookUps(s), lookUpBytes());
            case Multiplications s -> new Candidate(s, multiplications(s), multiplyBytes());
            case Tiles s -> new Candidate(s, tiles(s), multiplyBytes());
        };
    }

    /** One row's words of all planes into all output channels, in loops along the channels. */
    private double loops(PopcountLoops schedule) {
        double word = ternary()
                ? TERNARY_LOOP_WORD[index(schedule.words())]
                : BINARY_LOOP_WORD[index(schedule.words())];
        int passes = (shape.words() + schedule.words() - 1) / schedule.words();
        double products = (double) shape.words() * rounded(shape.channels(), LOOP_CHANNELS) * word + passes * LOOP_PASS;
        return shape.rows() * (LOOP_ROW + shape.activationBits() * products + gather()) + pack();
    }

    private static int index(int words) {
        return Integer.numberOfTrailingZeros(Integer.highestOneBit(words));
    }

    private double panels(PopcountPanels schedule) {
        int longs = target.lanes() / 2;
        int vectors = rounded(shape.channels(), 2 * longs) / longs;
        double step = step(schedule, longs);
        int calls = (vectors + schedule.vectors() - 1) / schedule.vectors();
        double product = (double) shape.words() * vectors * step + calls * PANEL_CALL / schedule.rows();
        double patch = schedule.lines() > 0 ? shape.activationBits() * KEPT_PATCH : 0;
        return shape.rows() * (shape.activationBits() * product + patch + columns() * EPILOGUE + gather()) + pack();
    }

    private double carrySave(CarrySavePanels schedule) {
        int longs = target.lanes() / 2;
        int vectors = rounded(shape.channels(), 2 * longs) / longs;
        int words = shape.words() / 4 * 4;
        double product = vectors * (words * CARRY_SAVE_STEP + (shape.words() - words) * STEP + 2 * PANEL_CALL);
        double patch = schedule.lines() > 0 ? KEPT_PATCH : 0;
        return shape.rows() * (product + patch + columns() * EPILOGUE + gather()) + pack();
    }

    /** One vector of weights by one word of a plane. */
    private double step(PopcountPanels schedule, int longs) {
        boolean two = schedule.rows() == 2;
        double step = ternary()
                ? !shape.bipolar() ? TERNARY_PLANE_STEP : two ? SHARED_TERNARY_STEP : TERNARY_STEP
                : !shape.bipolar() ? PLANE_STEP : two ? SHARED_STEP : STEP;
        int planes = ternary() ? 2 : 1;
        // What a panel and the patches that pass over it take of the first-level cache.
        long panel = 8L * longs * schedule.vectors() * shape.words() * planes;
        long patches = 8L * shape.words() * shape.activationBits() * Math.max(1, schedule.lines()) * shape.width();
        if (shape.rows() > 1 && panel + Math.min(patches, panel) <= FIRST_LEVEL) {
            return step;
        }
        double bytes = 8.0 * longs * planes / schedule.rows();
        return Math.max(step, bytes * (popcountBytes() > SECOND_LEVEL ? THIRD_LEVEL_BYTE : SECOND_LEVEL_BYTE));
    }

    private double lookUps(LookUps schedule) {
        int bytes = target.vectorBits() / Byte.SIZE;
        int panels = (shape.channels() + bytes - 1) / bytes;
        int digits = shape.activationBits() > 4 ? 2 : 1;
        double each = each(schedule, panels, digits) + digits * WIDEN / schedule.groups();
        if (lookUpBytes() > SECOND_LEVEL && shape.rows() == 1 && digits == 1) {
            each += bytes * FAR_INDEX_BYTE;
        }
        double products = (double) shape.taps() * groups() * panels * each;
        double tables = (double) shape.inputRows() * groups() * digits * TABLE;
        return shape.rows() * (products + columns() * EPILOGUE) + tables;
    }

    /** One look-up of one row in a panel. */
    private double each(LookUps schedule, int panels, int digits) {
        if (digits == 2) {
            return TWO_LOOK_UPS;
        }
        if (schedule.rows() == 4) {
            long window = (long) shape.taps() * groups() * TABLE_BYTES;
            return window > FIRST_LEVEL ? FAR_FOUR_ROWS_LOOK_UP : FOUR_ROWS_LOOK_UP;
        }
        return schedule.rows() == 2
                ? ROWS_LOOK_UP
                : schedule.columns() == 2 && panels > 1 ? COLUMNS_LOOK_UP : LOOK_UP;
    }

    private double multiplications(Multiplications schedule) {
        double values = schedule.values() > 4 ? LONG_PASS : 1;
        double products = (double) shape.depth() * rounded(shape.channels(), MULTIPLY_LANES) * MULTIPLY_ADD * values;
        return shape.rows() * (MULTIPLY_ROW + products);
    }

    /** Tiles: a step is a value of a window for all rows and vectors of a tile; the input is widened before. */
    private double tiles(Tiles schedule) {
        double widened = TILE_ELEMENT * 16 / target.lanes() * shape.inputRows() * shape.inputChannels();
        if (shape.groups() > 1) {
            double vectors = rounded(shape.channels(), target.lanes()) / (double) target.lanes();
            return widened + shape.rows() * vectors * (shape.taps() * LINE_STEP + LINE_ROW)
                    + (double) shape.rows() / schedule.rows() * vectors * TILE_CALL + shape.rows() * columns()
                            * EPILOGUE;
        }
        int width = shape.gathered() ? shape.width() : shape.rows();
        double tiles = 0;
        int left = width;
        for (int rows = schedule.rows(); rows > 0; rows /= 2) {
            tiles += left / rows * Math.max(rows, TILE_LATENCY / schedule.vectors());
            left %= rows;
        }
        double vectors = rounded(shape.channels(), target.lanes()) / (double) target.lanes();
        double steps = shape.rows() / width * tiles * vectors * shape.depth() * TILE_STEP
                * (shape.activationBits() == 0 ? 1.3 : 1);
        double panels = vectors / schedule.vectors() * shape.rows() / schedule.rows();
        double memory = 4.0 * shape.depth() * shape.channels() * (shape.rows() == 1 ? TILE_WEIGHT_BYTE : 0);
        return widened + Math.max(steps, memory) + panels * TILE_CALL + shape.rows() * columns() * EPILOGUE;
    }

    private boolean ternary() {
        return shape.weights() == ProductShape.Weights.TERNARY;
    }

    private int columns() {
        return (shape.channels() + 63) / 64;
    }

    private double gather() {
        int words = shape.inputChannels() + 63 >>> 6;
        return shape.gathered() ? shape.taps() * shape.activationBits() * words * GATHER_WORD : 0;
    }

    private double pack() {
        double perBit = target.vectorBits() == 8 * Long.SIZE
                ? VECTOR_PACK_BIT
                : target.vector() ? HALF_VECTOR_PACK_BIT : PACK_BIT;
        return (double) shape.inputRows() * shape.inputChannels() * shape.activationBits() * perBit;
    }

    private int groups() {
        int perIndex = ternary() ? 3 : 5;
        return (shape.inputChannels() + 2 * perIndex - 1) / (2 * perIndex) * 2;
    }

    private long popcountBytes() {
        return 8L * shape.words() * shape.channels() * (ternary() ? 2 : 1);
    }

    private long lookUpBytes() {
        return (long) rounded(shape.channels(), target.vectorBits() / Byte.SIZE) * groups() * shape.taps();
    }

    private long multiplyBytes() {
        return (shape.weights() == ProductShape.Weights.FLOATING ? 4L : 1L) * shape.depth() * shape.channels();
    }

    /** Channels as loops along them see them: a part of a vector costs as much as a whole one. */
    private static int rounded(int channels, int lanes) {
        return (channels + lanes - 1) / lanes * lanes;
    }
}
