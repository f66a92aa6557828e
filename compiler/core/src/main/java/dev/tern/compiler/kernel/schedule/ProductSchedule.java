package dev.tern.compiler.kernel.schedule;

/**
 * One way to compute a product. Texts are unique among the ways for one product, and short enough for a listing: a
 * tuning file names a schedule by its text.
 */
public sealed interface ProductSchedule extends KernelSchedule {
    /** The arithmetic. */
    Family family();

    /** How a product is computed. */
    enum Family {
        /** Bit planes, and and popcount. */
        POPCOUNT,
        /** Tables of sums of products, read by indices that hold several weights. */
        LOOK_UP,
        /** Multiplication of codes or f32. */
        MULTIPLY
    }

    /**
     * Popcounts in plain loops along all output channels, which the JIT compiler turns into vector code.
     *
     * @param words of the activations that one pass takes into the accumulators
     */
    record PopcountLoops(int words) implements ProductSchedule {
        public PopcountLoops {
            require(words > 0, "words", words);
        }

        @Override
        public Family family() {
            return Family.POPCOUNT;
        }

        @Override
        public String toString() {
            return "popcount, loops of " + words + " words";
        }
    }

    /**
     * Popcounts through the Vector API: the accumulators of a panel of channels stay in registers while a loop runs
     * over the words.
     *
     * @param vectors of accumulators in a panel: 2, 4 or 8
     * @param lines of the output whose patches are gathered before the panels pass over them, so that a panel is read
     *        once for all of them; 0 where each row is gathered and used at once, or where nothing is gathered
     * @param rows neighbours in a line that share the loads of the weights: 1, 2, or 4 of panels of two vectors
     */
    record PopcountPanels(int vectors, int lines, int rows) implements ProductSchedule {
        /** Accumulators of several rows; more leave the JIT compiler no registers. */
        private static final int MOST_SUMS = 8;

        public PopcountPanels {
            require(vectors == 2 || vectors == 4 || vectors == 8, "vectors", vectors);
            require(lines >= 0, "lines", lines);
            require(rows == 1 || (rows == 2 || rows == 4) && rows * vectors <= MOST_SUMS, "rows", rows);
        }

        @Override
        public Family family() {
            return Family.POPCOUNT;
        }

        @Override
        public String toString() {
            return "popcount, panels of " + vectors + " vectors"
                    + (lines == 0 ? "" : ", " + lines + (lines == 1 ? " line" : " lines") + " at a time")
                    + (rows == 1 ? "" : ", " + rows + " rows together");
        }
    }

    /**
     * Popcounts of sign bits through the Vector API by carry-save adders, for machines where counting the bits of a
     * vector takes many instructions: of four words three adders make a word of fours, whose bits are counted, and ones
     * and twos that go on to the next four. Two vectors of channels at a time.
     *
     * @param lines as of {@link PopcountPanels}
     */
    record CarrySavePanels(int lines) implements ProductSchedule {
        /** Vectors in a panel: one of even and one of odd channels. */
        public static final int VECTORS = 2;

        public CarrySavePanels {
            require(lines >= 0, "lines", lines);
        }

        @Override
        public Family family() {
            return Family.POPCOUNT;
        }

        @Override
        public String toString() {
            return "popcount, carry-save panels"
                    + (lines == 0 ? "" : ", " + lines + (lines == 1 ? " line" : " lines") + " at a time");
        }
    }

    /**
     * Popcounts of sign bits through the Vector API in words of 16 bits, for products of so few that words of 64 would
     * be padded, and for machines where counting the bits of a vector takes many instructions: counts stay in bytes
     * until all words are taken. One vector of channels at a time.
     *
     * @param lines as of {@link PopcountPanels}
     */
    record ShortPanels(int lines) implements ProductSchedule {
        /** Words that the JIT compiler takes without a loop, in which they are slower than words of 64 bits. */
        public static final int MOST_WORDS = 11;

        public ShortPanels {
            require(lines >= 0, "lines", lines);
        }

        @Override
        public Family family() {
            return Family.POPCOUNT;
        }

        @Override
        public String toString() {
            return "popcount, panels of shorts"
                    + (lines == 0 ? "" : ", " + lines + (lines == 1 ? " line" : " lines") + " at a time");
        }
    }

    /**
     * Tables read by shuffles.
     *
     * @param groups whose entries are added in bytes before they go on as shorts
     * @param rows neighbours in a line that share the loads of indices: 1, 2 or 4
     * @param columns of 64 output channels that share the loads of tables: 1 or 2; 1 with several rows
     */
    record LookUps(int groups, int rows, int columns) implements ProductSchedule {
        /** Look-ups of a round of the loop that a method has room for. */
        private static final int MOST_IN_ROUND = 24;

        public LookUps {
            require(groups > 0, "groups", groups);
            require(rows == 1 || rows == 2 || rows == 4, "rows", rows);
            require(columns == 1 || columns == 2 && rows == 1, "columns", columns);
            require(rows * columns == 1 || fits(groups, rows * columns), "groups", groups);
        }

        /** Groups of a round of the loop, an even number: tables are loaded in pairs. */
        public int round() {
            return round(groups);
        }

        private static int round(int groups) {
            return groups % 2 == 0 ? groups : 2 * groups;
        }

        /** Whether a method has room for so many groups of several rows or columns. */
        public static boolean fits(int groups, int together) {
            return round(groups) * together <= MOST_IN_ROUND;
        }

        @Override
        public Family family() {
            return Family.LOOK_UP;
        }

        @Override
        public String toString() {
            return "look-up, " + groups + " at a time" + (rows == 1 ? "" : ", " + rows + " rows together")
                    + (columns == 1 ? "" : ", " + columns + " columns together");
        }
    }

    /**
     * Multiplications in plain loops along the output channels.
     *
     * @param values of the activations that one pass takes into the accumulators
     * @param rows neighbours in a line whose windows take a pass together, so that a weight is loaded once for them;
     * the
     *        others one by one
     */
    record Multiplications(int values, int rows) implements ProductSchedule {
        public Multiplications {
            require(values > 0, "values", values);
            require(rows > 0, "rows", rows);
        }

        /** One row at a time. */
        public Multiplications(int values) {
            this(values, 1);
        }

        @Override
        public Family family() {
            return Family.MULTIPLY;
        }

        @Override
        public String toString() {
            return "multiply, " + values + " at a time" + (rows == 1 ? "" : ", " + rows + " rows together");
        }
    }

    /**
     * Multiplications in plain loops where each channel has its own weights: along all channels of some pixels of a
     * line, whose values are laid out first as the loops want them.
     *
     * @param base 0, or what the codes of the next line count where two lines share each f32: {@code low + base * high}
     */
    record Lines(int base) implements ProductSchedule {
        /** Each line by itself. */
        public Lines() {
            this(0);
        }

        /** Whether two lines are computed together, in the same f32. */
        public boolean pairs() {
            return base > 0;
        }

        @Override
        public Family family() {
            return Family.MULTIPLY;
        }

        @Override
        public String toString() {
            return pairs() ? "multiply, lines, two in each f32" : "multiply, lines";
        }
    }

    /**
     * Multiplications in plain loops along neighbouring rows: the values of some lines are laid out channel by channel
     * first, and the loops add some of these, each times a weight, to the sums of an output channel.
     */
    record ChannelsFirst() implements ProductSchedule {
        /** Values that a loop adds to a sum: the fewest products of one. */
        public static final int VALUES = 4;
        /** Output channels of a routine of loops: the fewest of a product. */
        public static final int CHANNELS = 8;

        @Override
        public Family family() {
            return Family.MULTIPLY;
        }

        @Override
        public String toString() {
            return "multiply, channels first";
        }
    }

    /**
     * Multiplications through the Vector API: the accumulators of a tile, some rows by some vectors of channels, stay
     * in registers while a loop runs over all values of their windows. Where each channel has its own weights, a
     * channel's weights stay in registers while a loop runs over rows.
     *
     * @param rows neighbours in a line that are computed together; where each channel has its own weights, and so many
     *        are several lines, those lines
     * @param vectors of channels that are computed together
     * @param lane what products are computed in
     */
    record Tiles(int rows, int vectors, Lane lane) implements ProductSchedule {
        /** What the lanes of a tile's vectors hold. */
        public enum Lane {
            /** A channel's sum in f32. */
            F32(1),
            /** Two sums of a channel in 16 bits, of products of small codes: one of every other value each. */
            I16(1),
            /** The sums of two channels in the bytes of 16 bits, of products of codes of few bits. */
            I8(4);

            private final int channels;

            Lane(int channels) {
                this.channels = channels;
            }

            /** Channels whose sums 32 bits of a vector hold. */
            public int channels() {
                return channels;
            }
        }

        /** The fewest lanes in which weights come fast enough as codes in bytes. */
        public static final int CODES = 16;
        /** Weights that find room in the second-level cache as f32. */
        private static final long MOST_WIDENED = 1 << 17;

        /** Whether codes are so many that one row is faster through less memory than as many f32 take. */
        public static boolean narrowed(int rows, long weights) {
            return rows == 1 && weights > MOST_WIDENED;
        }

        /** In f32. */
        public Tiles(int rows, int vectors) {
            this(rows, vectors, Lane.F32);
        }

        public Tiles {
            require(rows > 0, "rows", rows);
            require(vectors > 0, "vectors", vectors);
        }

        /** Rows that keep the processor busy while sums wait for the one before: fewer take as long. */
        public int least() {
            return Math.max(1, (lane == Lane.F32 ? 8 : 4) / vectors);
        }

        @Override
        public Family family() {
            return Family.MULTIPLY;
        }

        @Override
        public String toString() {
            return "multiply, tiles of " + rows + (rows == 1 ? " row" : " rows") + " by " + vectors
                    + (vectors == 1 ? " vector" : " vectors") + switch (lane) {
                        case F32 -> "";
                        case I16 -> " of shorts";
                        case I8 -> " of bytes";
                    };
        }
    }

    private static void require(boolean holds, String what, int value) {
        if (!holds) {
            throw new IllegalArgumentException("a schedule with " + what + " " + value);
        }
    }
}
