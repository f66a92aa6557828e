package dev.tern.compiler.kernel.cost;

import dev.tern.compiler.kernel.ChannelParts;
import dev.tern.compiler.kernel.schedule.ProductSchedule;
import dev.tern.compiler.kernel.schedule.ProductSchedule.CarrySavePanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ChannelsFirst;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Family;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Lines;
import dev.tern.compiler.kernel.schedule.ProductSchedule.LookUps;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Multiplications;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountLoops;
import dev.tern.compiler.kernel.schedule.ProductSchedule.PopcountPanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.ShortPanels;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.kernel.schedule.TileSplit;
import dev.tern.compiler.target.Target;
import java.util.Comparator;
import java.util.List;

/**
 * Predicts what each way to compute a product costs, so that the cheapest can be taken and {@code explain} say why,
 * from what the steps of each take on the target, see {@link CostProfile}; for small JVMs the smallest comes first.
 */
public final class CostModel {
    /** Channels of one round of the unrolled loop in vector code. */
    private static final int LOOP_CHANNELS = 32;
    /** Bytes of the caches that weights find room in. */
    private static final long FIRST_LEVEL = 44 << 10;
    private static final long SECOND_LEVEL = 1_800_000;
    /** Bytes of a table. */
    private static final int TABLE_BYTES = 32;
    private static final int MULTIPLY_LANES = 16;
    private static final int LINE_LANES = 8;
    /** Values in a multiply loop over one row's sums. */
    private static final int LOOP_VALUES = 4;
    /** Channels whose loop is beginning and end for a good part. */
    private static final int LOOP_ENDS = 64;
    /** Products of a window that one pass takes. */
    private static final int SMALL_WINDOW = 9;

    private final ProductShape shape;
    private final Target target;
    private final CostProfile costs;

    CostModel(ProductShape shape, Target target, CostProfile costs) {
        this.shape = shape;
        this.target = target;
        this.costs = costs;
    }

    /**
     * One way to compute a product.
     *
     * @param nanoseconds predicted, per inference
     * @param weightBytes what its weights take in memory
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

    /**
     * The ways that are possible, the cheapest first: that is the fastest, and on small JVMs, whose memory is what
     * there is least of, the one whose weights and activations are smallest.
     */
    public static List<Candidate> candidates(ProductShape shape, Target target) {
        CostModel model = new CostModel(shape, target, CostProfile.of(target));
        Comparator<Candidate> time = Comparator.comparingDouble(Candidate::nanoseconds);
        Comparator<Candidate> size = target.vectorized()
                ? Comparator.comparingLong(Candidate::weightBytes)
                : Comparator.comparingLong(model::bytes);
        return PossibleSchedules.of(shape, target).stream().map(model::candidate)
                .sorted(target.vectorized() ? time.thenComparing(size) : size.thenComparing(time)).toList();
    }

    /** What weights and activations take together in the form that a way wants them in. */
    private long bytes(Candidate candidate) {
        return candidate.weightBytes() + (long) shape.inputRows() * switch (candidate.family()) {
            case POPCOUNT -> (long) shape.activationBits() * target.word().count(shape.inputChannels())
                    * target.word().bytes();
            case LOOK_UP -> groups() * TABLE_BYTES;
            case MULTIPLY -> shape.activationBits() == 0 ? 4L * shape.inputChannels() : shape.inputChannels();
        };
    }

    Candidate candidate(ProductSchedule schedule) {
        return switch (schedule) {
            case PopcountLoops s -> new Candidate(s, loops(s), popcountBytes());
            case PopcountPanels s -> new Candidate(s, panels(s), popcountBytes());
            case CarrySavePanels s -> new Candidate(s, carrySave(s), popcountBytes());
            case ShortPanels s -> new Candidate(s, shorts(s), popcountBytes());
            case LookUps s -> new Candidate(s, lookUps(s), lookUpBytes());
            case Multiplications s -> new Candidate(s, multiplications(s), multiplyBytes());
            case Lines s -> new Candidate(s, lines(), multiplyBytes());
            case ChannelsFirst s -> new Candidate(s, channelsFirst(), multiplyBytes());
            case Tiles s -> new Candidate(s, tiles(s), multiplyBytes());
        };
    }

    /** One row's words of all planes into all output channels, in loops along the channels. */
    private double loops(PopcountLoops schedule) {
        double word = ternary()
                ? costs.of(Cost.TERNARY_LOOP_WORDS.get(index(schedule.words())))
                : costs.of(Cost.BINARY_LOOP_WORDS.get(index(schedule.words())));
        int passes = (words() + schedule.words() - 1) / schedule.words();
        double products = (double) words() * rounded(shape.channels(), LOOP_CHANNELS) * word + passes * cost(
                Cost.LOOP_PASS);
        return shape.rows() * (cost(Cost.LOOP_ROW) + shape.planeProducts() * products + gather()) + pack();
    }

    private static int index(int words) {
        return Integer.numberOfTrailingZeros(Integer.highestOneBit(words));
    }

    private double panels(PopcountPanels schedule) {
        int longs = target.lanes() / 2;
        int vectors = rounded(shape.channels(), 2 * longs) / longs;
        double step = step(schedule, longs);
        int calls = (vectors + schedule.vectors() - 1) / schedule.vectors();
        double product = (double) words() * vectors * step + calls * cost(Cost.PANEL_CALL) / schedule.rows();
        double patch = schedule.lines() > 0 ? shape.activationBits() * cost(Cost.KEPT_PATCH) : 0;
        return shape.rows() * (shape.planeProducts() * product + patch + columns() * cost(Cost.EPILOGUE) + gather())
                + pack();
    }

    private double carrySave(CarrySavePanels schedule) {
        int longs = target.lanes() / 2;
        int vectors = rounded(shape.channels(), 2 * longs) / longs;
        int words = words() / 4 * 4;
        Cost adders = ternary() ? Cost.TERNARY_CARRY_SAVE_STEP : Cost.CARRY_SAVE_STEP;
        Cost count = ternary() ? Cost.TERNARY_STEP : Cost.STEP;
        // Ones and twos are counted at the end.
        double product = vectors * (words * cost(adders) + 2 * cost(count) + cost(Cost.PANEL_CALL));
        double patch = schedule.lines() > 0 ? cost(Cost.KEPT_PATCH) : 0;
        return shape.rows() * (product + patch + columns() * cost(Cost.EPILOGUE) + gather()) + pack();
    }

    private double shorts(ShortPanels schedule) {
        int panelChannels = 2 * target.lanes();
        int panels = (shape.channels() + panelChannels - 1) / panelChannels;
        int pieces = (shape.depth() + Short.SIZE - 1) / Short.SIZE;
        Cost piece = ternary() ? Cost.TERNARY_PIECE_STEP : Cost.PIECE_STEP;
        double product = panels * (pieces * cost(piece) + cost(Cost.PANEL_CALL));
        double patch = schedule.lines() > 0 ? cost(Cost.KEPT_PATCH) : 0;
        return shape.rows() * (product + patch + columns() * cost(Cost.EPILOGUE) + gather()) + pack();
    }

    /** One vector of weights by one word of a plane. */
    private double step(PopcountPanels schedule, int longs) {
        boolean shared = schedule.rows() > 1;
        double step = ternary()
                ? !shape.bipolar()
                        ? cost(Cost.TERNARY_PLANE_STEP)
                        : shared ? cost(Cost.SHARED_TERNARY_STEP) : cost(Cost.TERNARY_STEP)
                : !shape.bipolar() || shape.weights() == ProductShape.WeightSet.INTEGER
                        ? cost(Cost.PLANE_STEP)
                        : shared ? cost(Cost.SHARED_STEP) : cost(Cost.STEP);
        int planes = weightPlanes();
        // What a panel and the patches that pass over it take of the first-level cache.
        long panel = 8L * longs * schedule.vectors() * words() * planes;
        long patches = 8L * words() * shape.activationBits() * Math.max(1, schedule.lines()) * shape.width();
        if (shape.rows() > 1 && panel + Math.min(patches, panel) <= FIRST_LEVEL) {
            return step;
        }
        // A step takes both planes of ternary weights, one of others.
        double bytes = 8.0 * longs * (ternary() ? 2 : 1) / schedule.rows();
        return Math.max(step, bytes * (popcountBytes() > SECOND_LEVEL
                ? cost(Cost.THIRD_LEVEL_BYTE)
                : cost(Cost.SECOND_LEVEL_BYTE)));
    }

    private double lookUps(LookUps schedule) {
        int bytes = target.vectorBits() / Byte.SIZE;
        int panels = (shape.channels() + bytes - 1) / bytes;
        int digits = shape.activationBits() > 4 ? 2 : 1;
        double each = each(schedule, panels, digits) + digits * cost(Cost.WIDEN) / schedule.groups();
        if (lookUpBytes() > SECOND_LEVEL && shape.rows() == 1 && digits == 1) {
            each += bytes * cost(Cost.FAR_INDEX_BYTE);
        }
        double products = (double) shape.taps() * groups() * panels * each;
        double tables = (double) shape.inputRows() * groups() * digits * cost(Cost.TABLE);
        return shape.rows() * (products + columns() * cost(Cost.EPILOGUE)) + tables;
    }

    /** One look-up of one row in a panel. */
    private double each(LookUps schedule, int panels, int digits) {
        if (digits == 2) {
            return cost(Cost.TWO_LOOK_UPS);
        }
        if (schedule.rows() == 4) {
            long window = (long) shape.taps() * groups() * TABLE_BYTES;
            return window > FIRST_LEVEL ? cost(Cost.FAR_FOUR_ROWS_LOOK_UP) : cost(Cost.FOUR_ROWS_LOOK_UP);
        }
        return schedule.rows() == 2
                ? cost(Cost.ROWS_LOOK_UP)
                : schedule.columns() == 2 && panels > 1 ? cost(Cost.COLUMNS_LOOK_UP) : cost(Cost.LOOK_UP);
    }

    private double multiplications(Multiplications schedule) {
        double values = schedule.values() > 4 ? cost(Cost.LONG_PASS) : 1;
        boolean together = schedule.rows() > 1;
        double products = (double) shape.depth() * rounded(shape.channels(), MULTIPLY_LANES) * (together
                ? cost(Cost.SHARED_MULTIPLY_ADD)
                : cost(Cost.MULTIPLY_ADD) * values) + ends(schedule) / schedule.rows();
        // Weights are ints or f32 in rows; those that the caches have no room for come from memory for each row.
        long bytes = 4L * shape.depth() * shape.channels();
        if (bytes > SECOND_LEVEL) {
            products = Math.max(products, bytes * cost(Cost.THIRD_LEVEL_BYTE) / schedule.rows());
        }
        return (double) shape.inputRows() * shape.inputChannels() * cost(Cost.MULTIPLY_ELEMENT)
                + shape.rows() * (cost(Cost.MULTIPLY_ROW) + passes(schedule) * cost(Cost.MULTIPLY_PASS) / schedule
                        .rows() + products);
    }

    /** What loops over few channels take besides: elements that are no whole vectors are taken one by one. */
    private double ends(Multiplications schedule) {
        if (shape.depthwise()) {
            return 0;
        }
        int loops = passes(schedule) * ((schedule.values() + LOOP_VALUES - 1) / LOOP_VALUES);
        return (double) loops * Math.min(LOOP_ENDS, shape.channels() / shape.groups()) * cost(schedule.rows() > 1
                ? Cost.SHARED_LOOP_END
                : Cost.LOOP_END);
    }

    /** A small window is one pass; of others each line of taps is some. Groups have theirs one after the other. */
    private int passes(Multiplications schedule) {
        if (shape.depth() <= SMALL_WINDOW && shape.groups() == 1) {
            return 1;
        }
        int lines = (int) Math.round(Math.sqrt(shape.taps()));
        int line = (shape.depth() + lines - 1) / lines;
        return shape.groups() * lines * ((line + schedule.values() - 1) / schedule.values());
    }

    /** One tap of eight channels, and what they cost besides: laying out, the epilogue. */
    private double lines() {
        double vectors = rounded(shape.channels(), LINE_LANES) / (double) LINE_LANES;
        return shape.rows() * vectors * (shape.taps() * cost(Cost.LINE_STEP) + cost(Cost.LINE_ROW));
    }

    /**
     * Loops along rows: their products, the beginning and end of each, what is laid out and taken back for a row, and
     * quantizing as of multiply loops.
     */
    private double channelsFirst() {
        double parts = Math.ceil(shape.rows() / (double) ChannelParts.POSITIONS);
        double loops = parts * shape.depth() * shape.channels() / (2.0 * ChannelsFirst.VALUES);
        return (double) shape.inputRows() * shape.inputChannels() * cost(Cost.MULTIPLY_ELEMENT)
                + shape.rows() * (cost(Cost.MULTIPLY_ROW) + (double) shape.depth() * shape.channels() * cost(
                        Cost.CHANNELS_FIRST_ADD)) + loops * cost(Cost.CHANNELS_FIRST_LOOP);
    }

    /** Tiles: a step is a value of a window for all rows and vectors of a tile; the input is widened before. */
    private double tiles(Tiles schedule) {
        boolean narrow = schedule.lane() != Tiles.Lane.F32;
        double widened = cost(schedule.lane() == Tiles.Lane.I16 ? Cost.SHORT_ELEMENT : Cost.TILE_ELEMENT) * 16 / target
                .lanes() * shape
                        .inputRows() * shape.inputChannels();
        if (shape.groups() > 1) {
            int lanes = narrow ? 2 * target.lanes() : target.lanes();
            double vectors = rounded(shape.channels(), lanes) / (double) lanes;
            double row = narrow
                    ? shape.taps() * cost(Cost.SHORT_LINE_STEP) + cost(Cost.SHORT_LINE_ROW)
                    : shape.taps() * cost(Cost.LINE_STEP) + cost(Cost.LINE_ROW);
            return widened + shape.rows() * vectors * row
                    + (double) shape.rows() / schedule.rows() * vectors * cost(Cost.TILE_CALL) + shape.rows()
                            * columns()
                            * cost(Cost.EPILOGUE);
        }
        int width = shape.gathered() ? shape.width() : shape.rows();
        double tiles = TileSplit.time(width, shape.gathered() ? shape.lines() : 1, schedule.rows(), schedule.least());
        int lanes = target.lanes() * schedule.lane().channels();
        double vectors = rounded(shape.channels(), lanes) / (double) lanes;
        int depth = schedule.lane() == Tiles.Lane.I16
                ? shape.taps() * (shape.inputChannels() + 1) / 2
                : shape.depth();
        double step = switch (schedule.lane()) {
            case F32 -> cost(Cost.TILE_STEP) * (shape.activationBits() == 0 ? 1.3 : 1);
            case I16 -> cost(Cost.SHORT_STEP) + cost(Cost.SHORT_WIDEN) / Math.min(depth, shape.productsIn16Bits());
            case I8 -> cost(Cost.BYTE_STEP) + cost(Cost.BYTE_WIDEN) / Math.min(depth, shape.centredProductsInBytes());
        };
        double steps = shape.rows() / width * tiles * vectors * depth * step;
        double panels = vectors / schedule.vectors() * shape.rows() / schedule.rows();
        double weightBytes = switch (schedule.lane()) {
            case F32 -> shape.activationBits() == 0 || !Tiles.narrowed(shape.rows(), (long) shape.depth() * shape
                    .channels()) ? 4 : target.lanes() >= Tiles.CODES ? 1 : 2;
            case I16 -> 2;
            case I8 -> 1;
        };
        double memory = weightBytes * shape.depth() * shape.channels() * (shape.rows() == 1
                ? cost(Cost.TILE_WEIGHT_BYTE)
                : 0);
        return widened + Math.max(steps, memory) + panels * cost(Cost.TILE_CALL) + shape.rows() * columns() * cost(
                Cost.EPILOGUE);
    }

    private double cost(Cost cost) {
        return costs.of(cost);
    }

    private boolean ternary() {
        return shape.weights() == ProductShape.WeightSet.TERNARY;
    }

    private int columns() {
        return (shape.channels() + 63) / 64;
    }

    private double gather() {
        int words = target.word().count(shape.inputChannels());
        return shape.gathered() ? shape.taps() * shape.activationBits() * words * cost(Cost.GATHER_WORD) : 0;
    }

    private double pack() {
        return (double) shape.inputRows() * shape.inputChannels() * shape.activationBits() * cost(Cost.PACK_BIT);
    }

    private int groups() {
        int perIndex = ternary() ? 3 : 5;
        return (shape.inputChannels() + 2 * perIndex - 1) / (2 * perIndex) * 2;
    }

    private long popcountBytes() {
        return (long) target.word().bytes() * words() * shape.channels() * weightPlanes();
    }

    private int words() {
        return shape.words(target.word());
    }

    private int weightPlanes() {
        return switch (shape.weights()) {
            case BINARY -> 1;
            case TERNARY -> 2;
            case INTEGER, FLOATING -> shape.weightBits();
        };
    }

    private long lookUpBytes() {
        return (long) rounded(shape.channels(), target.vectorBits() / Byte.SIZE) * groups() * shape.taps();
    }

    private long multiplyBytes() {
        return (shape.weights() == ProductShape.WeightSet.FLOATING ? 4L : 1L) * shape.depth() * shape.channels();
    }

    /** Channels as loops along them see them: a part of a vector costs as much as a whole one. */
    private static int rounded(int channels, int lanes) {
        return (channels + lanes - 1) / lanes * lanes;
    }
}
