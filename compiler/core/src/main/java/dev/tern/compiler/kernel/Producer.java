package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles;
import dev.tern.compiler.kernel.schedule.ProductSchedule.Tiles.Lane;
import dev.tern.runtime.layout.LookUpIndices;
import java.util.Optional;

/** Gives the channels of one output row at a time, as int or f32 values, to the epilogue. */
public sealed interface Producer {
    /** Output channels that kernels with panels take at a time: those of one word of 64 bits. */
    int COLUMN = 64;

    /** The same producer with every id that it names looked up, in the order of its record. */
    Producer map(KernelIds ids);

    /** Channels of an output row. */
    int channels();

    int rows();

    /** Whether the values are f32; else int. */
    boolean floating();

    /** Whether it gives one whole row after the other, and not columns of several rows at a time. */
    default boolean byRows() {
        return switch (this) {
            case PopcountProduct product -> !product.inColumns();
            case LookUpProduct _,TileProduct _ -> false;
            case Load _,LoadConstant _,MultiplyProduct _,Pool _ -> true;
        };
    }

    /**
     * Reads a Plain buffer (F32, I32 or I8, or the sums of a fold in I64) viewed as rows x channels.
     */
    record Load(BufferId input, ValueKind elements, int rows, int channels) implements Producer, ValueKind.Reader {
        @Override
        public boolean floating() {
            return elements.floating();
        }

        @Override
        public Load map(KernelIds ids) {
            return new Load(ids.read(input), elements, rows, channels);
        }
    }

    /**
     * Reads a constant, as rows x channels: an output that is known at compile time, or a constant that some kernel
     * wants in a buffer.
     *
     * @param constant Floats (f32), Ints (int) or Bytes (codes), one element per value
     */
    record LoadConstant(ConstantId constant, ValueKind elements, int rows, int channels)
            implements
                Producer,
                ValueKind.Reader {
        @Override
        public boolean floating() {
            return elements.floating();
        }

        @Override
        public LoadConstant map(KernelIds ids) {
            return new LoadConstant(ids.constant(constant), elements, rows, channels);
        }
    }

    /** Sums of products of what a window shows and of weights. */
    sealed interface Product extends Producer {
        BufferId input();

        FilterShape shape();

        ConstantId weights();

        BufferId accumulator();

        default Window window() {
            return shape().window();
        }

        default int inputChannels() {
            return shape().inputChannels();
        }

        default int groups() {
            return shape().groups();
        }

        @Override
        default int channels() {
            return shape().channels();
        }

        @Override
        default int rows() {
            return window().outputRows();
        }
    }

    /**
     * A product of packed weights, of one group, whose accumulators count something else than the sum of products, and
     * are corrected by constants, see {@link AccumulatorCorrections}.
     */
    sealed interface PackedProduct extends Product {
        ElementType.Code activation();

        WeightForm form();

        AccumulatorCorrections corrections();

        /** Whether it computes {@link #COLUMN} channels at a time, of which its accumulators hold no more. */
        boolean inColumns();

        @Override
        default boolean floating() {
            return false;
        }
    }

    /**
     * Sums of products of packed codes by xor/and and popcount; see {@link WeightForm} for the arithmetic. The patch
     * of an output row is, plane by plane, the bits of its taps one after the other (ky, kx, channel), in
     * {@code ceil(taps * inputChannels / bits of a word)} words; taps in the padding leave their bits
     * 0 and are made good by the tap sums.
     *
     * <p>The corrections' sums are: for BINARY x bipolar K, for TERNARY x bipolar the channel's number of nonzeros, for
     * INTEGER x bipolar less the sum of its weights, else 0; less zero * weightSums where the zero point is known at
     * compile time. With p what a tap in the padding counts as (0, +1, -1), the padding's factor is p, p + 1 for
     * bipolar codes (whose cleared bits read as -1), and p + z for a zero point z known at compile time.
     *
     * @param input a Planes buffer of the weights' words
     * @param accumulator I32 scratch [channels], with panels those of {@link #COLUMN} channels of each row
     *        that is computed together
     * @param patch scratch of words [rows at a time][bits * words], absent when the window is direct
     */
    record PopcountProduct(BufferId input, ElementType.Code activation, FilterShape shape, BitWeights bits,
            AccumulatorCorrections corrections, BufferId accumulator, Optional<BufferId> patch)
            implements
                PackedProduct {
        @Override
        public WeightForm form() {
            return bits.form();
        }

        @Override
        public ConstantId weights() {
            return bits.words();
        }

        @Override
        public boolean inColumns() {
            return bits.layout().panels();
        }

        /** The same with other scratch buffers. */
        public PopcountProduct withScratch(BufferId newAccumulator, Optional<BufferId> newPatch) {
            return new PopcountProduct(input, activation, shape, bits, corrections, newAccumulator, newPatch);
        }

        /** Whether bits that differ are counted, and taken from the accumulator; else bits that both have. */
        public boolean differences() {
            return activation.bipolar() && form() != WeightForm.INTEGER;
        }

        /** Where the words of a row lie: in its patch, or in the input. */
        public BufferId source() {
            return patch.orElse(input);
        }

        /** Words of one plane of a patch. */
        public int words() {
            return bits.word().count(shape.depth());
        }

        @Override
        public PopcountProduct map(KernelIds ids) {
            return new PopcountProduct(ids.read(input), activation, shape, bits.map(ids), corrections.map(ids),
                    ids.scratch(accumulator), patch.map(ids::scratch));
        }
    }

    /**
     * Sums of products of codes read from tables, see {@link LookUpForm}: the accumulator is
     * {@code sum of table[index] * 16^digit} over the window's taps, groups of channels and digits.
     *
     * <p>weights: Bytes, the indices [panel][tap][group][lane], which count from the first table that fills a vector
     * together with the group's. A panel is as many output channels as a vector has bytes;
     * lane {@code 4 * i + j} of it is the channel {@code i + j * lanes / 4}, so that every fourth byte makes a vector
     * of ints in the channels' order. Lanes past the last channel hold any index.
     *
     * <p>The corrections' sums are: less the biases of all look-ups, plus what the digits' centers add,
     * less zero * weightSums where the zero point is known at compile time. A tap in the padding reads the tables of
     * the image's margin. Where these are of the code that the padding stands for, nothing is to be made good; else
     * they are of the form's center, every entry is the bias, and the padding's factor is p + z less the center.
     *
     * @param input I8 Plain [{@link #image}.rows()][{@link LookUpForm#rowBytes}], what {@link Kernel.BuildTables}
     *        writes
     * @param lanes bytes in a vector
     * @param accumulator I32 scratch of {@link #COLUMN} channels
     */
    record LookUpProduct(BufferId input, LookUpForm lookUp, FilterShape shape, ConstantId weights, int lanes,
            AccumulatorCorrections corrections, BufferId accumulator) implements PackedProduct {
        @Override
        public ElementType.Code activation() {
            return lookUp.code();
        }

        @Override
        public WeightForm form() {
            return lookUp.form();
        }

        @Override
        public boolean inColumns() {
            return true;
        }

        /** The same with another scratch buffer. */
        public LookUpProduct withScratch(BufferId newAccumulator) {
            return new LookUpProduct(input, lookUp, shape, weights, lanes, corrections, newAccumulator);
        }

        /** The input's rows of tables, and those of the padding around it. */
        public PaddedImage image() {
            return PaddedImage.of(window());
        }

        /** Look-ups of one digit in one accumulator. */
        public int lookUps() {
            return shape.taps() * lookUp.groups(inputChannels());
        }

        /** Bytes of all indices. */
        public int weightLength() {
            return (channels() + lanes - 1) / lanes * lookUps() * lanes;
        }

        /** Where the index of a channel lies. @param lookUp tap * groups + group */
        public int index(int channel, int lookUp) {
            return LookUpIndices.lane(channel, lookUp, lookUps(), lanes);
        }

        @Override
        public LookUpProduct map(KernelIds ids) {
            return new LookUpProduct(ids.read(input), lookUp, shape, ids.constant(weights), lanes,
                    corrections.map(ids), ids.scratch(accumulator));
        }
    }

    /**
     * What weights a popcount product has. With a the activation's planes (coefficient 2^p, the top one of a signed
     * code -2^p), w the weights', and popcounts summed over the words:
     * <ul>
     * <li>BINARY x bipolar: {@code K - 2 pop(a ^ w)}
     * <li>BINARY x planes: {@code sum of coefficient * (2 pop(a_p & w) - pop(a_p))}
     * <li>TERNARY x bipolar: {@code nonzeros - 2 pop(nonzero & (a ^ positive))}
     * <li>TERNARY x planes: {@code sum of coefficient * (pop(a_p & positive) - pop(a_p & negative))}
     * <li>INTEGER, whose planes have coefficients as those of signed codes, x bipolar:
     * {@code sum of 2 coefficient * pop(a & w_q)}, less the sum of the weights
     * <li>INTEGER x planes: {@code sum over p and q of coefficient_p * coefficient_q * pop(a_p & w_q)}
     * </ul>
     */
    enum WeightForm {
        BINARY, TERNARY, INTEGER
    }

    /**
     * Sums of products by multiplication, in int32 or in f32, taken in ascending order of (ky, kx, channel): channel n
     * of group g sums (a - zero) * weight over its group's input channels. Taps in the padding count as
     * {@code padding} says. With one input and one output channel per group it runs along channels.
     *
     * @param input Plain: I8 codes or F32
     * @param weights Bytes (int or f32 sums) or Floats (f32 sums), [tap][input channel of the group][output channel]
     * @param zero one for all, or measured per input row (direct windows only)
     * @param floating whether sums are f32: a - zero and codes of weights are converted exactly, then multiplied and
     *        added in f32
     * @param accumulator I32 or F32 scratch [channels], of each row that is computed together; of {@link LineParts}
     * where
     *        it is computed in lines
     */
    record MultiplyProduct(BufferId input, ValueKind elements, FilterShape shape, ConstantId weights,
            Optional<ZeroSource> zero, Padding padding, boolean floating, BufferId accumulator)
            implements
                Product,
                ValueKind.Reader {
        /** The same with another scratch buffer. */
        public MultiplyProduct withScratch(BufferId newAccumulator) {
            return new MultiplyProduct(input, elements, shape, weights, zero, padding, floating, newAccumulator);
        }

        public boolean depthwise() {
            return groups() == channels() && groups() == inputChannels();
        }

        @Override
        public MultiplyProduct map(KernelIds ids) {
            return new MultiplyProduct(ids.read(input), elements, shape, ids.constant(weights),
                    zero.map(source -> source.map(ids)), padding, floating, ids.scratch(accumulator));
        }
    }

    /**
     * Sums of products by multiplication as {@link MultiplyProduct} takes them, of values around which their padding
     * lies, see {@link Kernel.WidenImage}: in f32 lanes; in lanes of 16 bits, two neighbouring values of a pixel for
     * each channel, or one where each has its own; or in the bytes of such lanes, a channel in each. Sums of codes are
     * exact: they are taken in f32 for so many steps as keep below 2^24, in 16 bits below 2^15, in bytes below 2^7, and
     * in int32 beyond. Sums of f32 are multiplied, then added, in ascending order, from +0.
     *
     * @param input F32 Plain [{@link #image}.rows()][pitch], I32 Plain [{@link #image}.rows()][pitch / 2] for lanes of
     *        16 bits, or I32 Plain [{@link #image}.rows()][pitch] for bytes
     * @param elements what was widened: codes or f32
     * @param pitch values from one pixel of the input to the next, {@code inputChannels} or more; even in lanes of 16
     * bits
     * @param shape of one group, or of as many as there are input and output channels
     * @param weights Bytes or Floats, [tap][input channel of the group][output channel]
     * @param floating whether sums are f32
     * @param lane what sums are taken in; F32 but for codes, and I8 only in one group
     * @param exact how many {@link #steps} have exact sums of codes in a lane; for f32 no less than there are
     * @param small whether those sums in f32 are at most 2^22, so that an addition rounds them to ints
     * @param lanes of 32 bits of a vector
     * @param starts Ints [panels][channels of one], what sums begin with; of bytes only, where the input holds less
     *        than the values by a number that is the same for all
     * @param accumulator I32 or F32 scratch of {@link #COLUMN} channels of each row that is computed together; twice
     *        as much where {@link #sumsBehind sums lie behind}. Depthwise sums of 16 bits lie two to an
     *        element, and all steps have to be exact
     */
    record TileProduct(BufferId input, ValueKind elements, int pitch, FilterShape shape, ConstantId weights,
            boolean floating, Lane lane, int exact, boolean small, int lanes, Optional<ConstantId> starts,
            BufferId accumulator)
            implements
                Product {
        /** The same with another scratch buffer. */
        public TileProduct withScratch(BufferId newAccumulator) {
            return new TileProduct(input, elements, pitch, shape, weights, floating, lane, exact, small, lanes,
                    starts, newAccumulator);
        }

        public boolean depthwise() {
            return groups() > 1;
        }

        /** Products summed for one output value. */
        public int depth() {
            return shape.depth();
        }

        /** Elements of the input's buffer from one pixel to the next. */
        public int pixelElements() {
            return lane == Lane.I16 ? pitch / 2 : pitch;
        }

        /** Elements of the input's buffer that the loop over a window takes of a pixel, one in a step. */
        public int pixelSteps() {
            return lane == Lane.I16 && !depthwise() ? pitch / 2 : inputChannels() / groups();
        }

        /** Steps of the loop over a window: a value, or a pair. */
        public int steps() {
            return shape.taps() * pixelSteps();
        }

        /** The passes of a tile of bytes. */
        public BytePasses bytePasses() {
            return BytePasses.of(shape, pitch, exact);
        }

        /** Channels of a vector of sums. */
        public int vectorChannels() {
            return lanes * (lane == Lane.I16 && depthwise() ? 2 : lane.channels());
        }

        /** How weights lie in memory when the class is loaded. */
        public enum Form {
            /** As the tile multiplies them. */
            FLOATS,
            /** As the upper halves of f32. */
            HALVES,
            /** As codes in bytes. */
            CODES
        }

        /** What one row through many weights has less of to read; as the tile multiplies them elsewhere. */
        public Form form() {
            boolean many = lane == Lane.F32 && !floating && !depthwise() && Tiles.narrowed(rows(), (long) depth()
                    * channels());
            return !many ? Form.FLOATS : lanes >= Tiles.CODES ? Form.CODES : Form.HALVES;
        }

        /**
         * Whether sums that are not in 32 bits, or of a part of the steps, go through memory behind the accumulators.
         */
        public boolean sumsBehind() {
            return !depthwise() && (lane != Lane.F32 || exact < steps());
        }

        /** The input's pixels, and those of the padding around them. */
        public PaddedImage image() {
            return PaddedImage.of(window());
        }

        @Override
        public TileProduct map(KernelIds ids) {
            return new TileProduct(ids.read(input), elements, pitch, shape, ids.constant(weights), floating, lane,
                    exact, small, lanes, starts.map(ids::constant), ids.scratch(accumulator));
        }
    }

    /**
     * The greatest element of each window, or the mean: the sum in double divided by the number of taps inside the
     * input, rounded once to f32. Taps in the padding are left out.
     *
     * @param input Plain F32 (either kind), I8 or I32 (MAX only)
     * @param accumulator scratch [channels], F32 for F32 inputs, else I32
     */
    record Pool(PoolKind kind, BufferId input, ValueKind elements, Window window, int channels,
            BufferId accumulator) implements Producer, ValueKind.Reader {
        @Override
        public int rows() {
            return window.outputRows();
        }

        @Override
        public boolean floating() {
            return elements.floating();
        }

        /** The same with another scratch buffer. */
        public Pool withScratch(BufferId newAccumulator) {
            return new Pool(kind, input, elements, window, channels, newAccumulator);
        }

        @Override
        public Pool map(KernelIds ids) {
            return new Pool(kind, ids.read(input), elements, window, channels, ids.scratch(accumulator));
        }
    }

    enum PoolKind {
        MAX,
        /** Of f32. */
        AVERAGE,
        /** Of ints or codes, as ints. */
        SUM
    }
}
