package dev.tern.compiler.kernel;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.compiler.target.Word;
import dev.tern.runtime.layout.LookUpIndices;
import dev.tern.runtime.layout.WeightLayout;
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

    /**
     * A product of packed weights whose accumulators count something else than the sum of products, and are
     * corrected by constants: {@code sums}, in {@code weightSums} what a zero point measured at run time adds, in
     * {@code tapSums} what taps in the padding add; see {@link PopcountProduct}.
     */
    sealed interface PackedProduct extends Producer {
        ElementType.Code activation();

        int inputChannels();

        Window window();

        WeightForm form();

        ConstantId weights();

        ConstantId sums();

        Optional<BufferId> zero();

        Optional<ConstantId> weightSums();

        Optional<ConstantId> tapSums();

        int paddingFactor();

        BufferId input();

        BufferId accumulator();

        /** Whether it computes {@link #COLUMN} channels at a time, of which its accumulators hold no more. */
        boolean inColumns();

        @Override
        default int rows() {
            return window().outputRows();
        }

        @Override
        default boolean floating() {
            return false;
        }
    }

    /**
     * Sums of products of packed codes by xor/and and popcount; see {@link WeightForm} for the arithmetic. The patch
     * of an output row is, plane by plane, the bits of its taps one after the other (ky, kx, channel), so that the
     * products run over {@code ceil(taps * inputChannels / word.bits())} words; taps in the padding leave their bits 0
     * and are made good by the tap sums.
     *
     * <p>weights: words, Longs or Ints, as {@link #layout} has them. BINARY: one plane, bit 1 for +1. TERNARY: two
     * planes. With bipolar activations plane one is nonzero and plane two positive; with other activations plane one is
     * positive and plane two negative. INTEGER: the bits of the codes in two's complement, the lowest first.
     *
     * <p>sums: Ints [channel] or one for all, what the accumulator starts from: for BINARY x bipolar K, for TERNARY x
     * bipolar the channel's number of nonzeros, for INTEGER x bipolar less the sum of its weights, else 0; less
     * zero * weightSums where the zero point is known at compile time.
     *
     * <p>weightSums: Ints [channel], sum of the channel's weights; present when a zero point is measured at run
     * time, which subtracts zero * weightSums from the accumulator.
     *
     * <p>tapSums: Ints [tap][channel], sum of a tap's weights; present when the window is padded and the padding's
     * contribution is not 0 already. Every tap in the padding adds (paddingFactor + zero) * tapSums, zero being 0
     * where none is measured. With p what a tap in the padding counts as (0, +1, -1), paddingFactor is p, p + 1 for
     * bipolar codes (whose cleared bits read as -1), and p + z for a zero point z known at compile time.
     *
     * @param input a Planes buffer of such words
     * @param word what the bits of activations and weights are packed in
     * @param planes of the weights: 1 of BINARY, 2 of TERNARY, the bits of INTEGER ones
     * @param zero an I32 Plain buffer of one element, or one per input row (direct windows only)
     * @param lanes longs in a vector of the weights' panels; 0 for weights that are interleaved
     * @param panelVectors vectors in a panel, or 0
     * @param accumulator I32 scratch [channels], with panels those of {@link #COLUMN} channels of each row
     *        that is computed together
     * @param patch scratch of words [rows at a time][bits * words], absent when the window is direct
     */
    record PopcountProduct(BufferId input, Word word, ElementType.Code activation, int inputChannels, Window window,
            WeightForm form, int planes, ConstantId weights, ConstantId sums, Optional<BufferId> zero,
            Optional<ConstantId> weightSums, Optional<ConstantId> tapSums, int paddingFactor, int channels,
            int lanes, int panelVectors, BufferId accumulator, Optional<BufferId> patch)
            implements
                PackedProduct {
        @Override
        public boolean inColumns() {
            return lanes > 0;
        }

        /** The same with other scratch buffers. */
        public PopcountProduct withScratch(BufferId newAccumulator, Optional<BufferId> newPatch) {
            return new PopcountProduct(input, word, activation, inputChannels, window, form, planes, weights, sums,
                    zero,
                    weightSums, tapSums, paddingFactor, channels, lanes, panelVectors, newAccumulator, newPatch);
        }

        /** Where the words of the weights lie. */
        public WeightLayout layout() {
            return new WeightLayout(planes, words(), channels, lanes, panelVectors);
        }

        /** Whether bits that differ are counted, and taken from the accumulator; else bits that both have. */
        public boolean differences() {
            return activation.bipolar() && form != WeightForm.INTEGER;
        }

        /** Where the words of a row lie: in its patch, or in the input. */
        public BufferId source() {
            return patch.orElse(input);
        }

        /** Words of one plane of a patch. */
        public int words() {
            return word.count(window.geometry().taps() * inputChannels);
        }

        @Override
        public PopcountProduct map(KernelIds ids) {
            return new PopcountProduct(ids.read(input), word, activation, inputChannels, window, form, planes,
                    ids.constant(weights), ids.constant(sums), zero.map(ids::read), weightSums.map(ids::constant),
                    tapSums.map(ids::constant), paddingFactor, channels, lanes, panelVectors,
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
     * <p>sums: Ints, per channel or one for all: less the biases of all look-ups, plus what the digits' centers add,
     * less zero * weightSums where the zero point is known at compile time. A tap in the padding reads the tables of
     * the image's margin. Where these are of the code that the padding stands for, nothing is to be made good; else
     * they are of the form's center, every entry is the bias, and the paddingFactor is p + z less the center.
     *
     * @param input I8 Plain [{@link #image}.rows()][{@link LookUpForm#rowBytes}], what {@link Kernel.BuildTables}
     *        writes
     * @param lanes bytes in a vector
     * @param accumulator I32 scratch of {@link #COLUMN} channels
     */
    record LookUpProduct(BufferId input, ElementType.Code activation, int inputChannels, Window window,
            WeightForm form, ConstantId weights, ConstantId sums, Optional<BufferId> zero,
            Optional<ConstantId> weightSums, Optional<ConstantId> tapSums, int paddingFactor, int channels,
            int lanes, BufferId accumulator) implements PackedProduct {
        @Override
        public boolean inColumns() {
            return true;
        }

        /** The same with another scratch buffer. */
        public LookUpProduct withScratch(BufferId newAccumulator) {
            return new LookUpProduct(input, activation, inputChannels, window, form, weights, sums, zero, weightSums,
                    tapSums, paddingFactor, channels, lanes, newAccumulator);
        }

        /** How the tables are made. */
        public LookUpForm lookUp() {
            return new LookUpForm(form, activation);
        }

        /** The input's rows of tables, and those of the padding around it. */
        public PaddedImage image() {
            return PaddedImage.of(window);
        }

        /** Look-ups of one digit in one accumulator. */
        public int lookUps() {
            return window.geometry().taps() * lookUp().groups(inputChannels);
        }

        /** Bytes of all indices. */
        public int weightLength() {
            return (channels + lanes - 1) / lanes * lookUps() * lanes;
        }

        /** Where the index of a channel lies. @param lookUp tap * groups + group */
        public int index(int channel, int lookUp) {
            return LookUpIndices.lane(channel, lookUp, lookUps(), lanes);
        }

        @Override
        public LookUpProduct map(KernelIds ids) {
            return new LookUpProduct(ids.read(input), activation, inputChannels, window, form, ids.constant(weights),
                    ids.constant(sums), zero.map(ids::read), weightSums.map(ids::constant),
                    tapSums.map(ids::constant), paddingFactor, channels, lanes, ids.scratch(accumulator));
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
     * @param accumulator I32 or F32 scratch [channels]
     */
    record MultiplyProduct(BufferId input, ValueKind elements, int inputChannels, Window window,
            int groups, ConstantId weights, Optional<ZeroSource> zero, Padding padding, int channels, boolean floating,
            BufferId accumulator) implements Producer, ValueKind.Reader {
        @Override
        public int rows() {
            return window.outputRows();
        }

        /** The same with another scratch buffer. */
        public MultiplyProduct withScratch(BufferId newAccumulator) {
            return new MultiplyProduct(input, elements, inputChannels, window, groups, weights, zero, padding,
                    channels, floating, newAccumulator);
        }

        public boolean depthwise() {
            return groups == channels && groups == inputChannels;
        }

        @Override
        public MultiplyProduct map(KernelIds ids) {
            return new MultiplyProduct(ids.read(input), elements, inputChannels, window, groups,
                    ids.constant(weights), zero.map(source -> source.map(ids)), padding, channels, floating,
                    ids.scratch(accumulator));
        }
    }

    /**
     * Sums of products by multiplication as {@link MultiplyProduct} takes them, of values around which their padding
     * lies, see {@link Kernel.WidenImage}: in f32 lanes, or in lanes of 16 bits, two neighbouring values of a pixel
     * for each channel. Sums of codes are exact: they are taken in f32 for so many steps as keep below 2^24, in 16 bits
     * below 2^15, and in int32 beyond. Sums of f32 are multiplied, then added, in ascending order, from +0.
     *
     * @param input F32 Plain [{@link #image}.rows()][pitch], or I32 Plain [{@link #image}.rows()][pitch / 2]
     * @param elements what was widened: codes or f32
     * @param pitch values from one pixel of the input to the next, {@code inputChannels} or more; even in pairs
     * @param groups 1, or as many as there are input and output channels
     * @param weights Bytes or Floats, [tap][input channel of the group][output channel]
     * @param floating whether sums are f32
     * @param pairs whether lanes have 16 bits; codes alone, in one group
     * @param exact how many {@link #steps} have exact sums of codes in a lane; for f32 no less than there are
     * @param lanes channels of a vector: as many as it has lanes of 32 bits
     * @param accumulator I32 or F32 scratch of {@link #COLUMN} channels of each row that is computed together; twice
     *        as much in pairs, where sums of 16 bits lie behind
     */
    record TileProduct(BufferId input, ValueKind elements, int pitch, int inputChannels, Window window, int groups,
            ConstantId weights, int channels, boolean floating, boolean pairs, int exact, int lanes,
            BufferId accumulator) implements Producer {
        @Override
        public int rows() {
            return window.outputRows();
        }

        /** The same with another scratch buffer. */
        public TileProduct withScratch(BufferId newAccumulator) {
            return new TileProduct(input, elements, pitch, inputChannels, window, groups, weights, channels, floating,
                    pairs, exact, lanes, newAccumulator);
        }

        public boolean depthwise() {
            return groups > 1;
        }

        /** Products summed for one output value. */
        public int depth() {
            return window.geometry().taps() * (inputChannels / groups);
        }

        /** Elements of the input's buffer from one pixel to the next. */
        public int pixelElements() {
            return pairs ? pitch / 2 : pitch;
        }

        /** Elements of the input's buffer that the loop over a window takes of a pixel, one in a step. */
        public int pixelSteps() {
            return pairs ? pitch / 2 : inputChannels / groups;
        }

        /** Steps of the loop over a window: a value, or a pair. */
        public int steps() {
            return window.geometry().taps() * pixelSteps();
        }

        /** The input's pixels, and those of the padding around them. */
        public PaddedImage image() {
            return PaddedImage.of(window);
        }

        @Override
        public TileProduct map(KernelIds ids) {
            return new TileProduct(ids.read(input), elements, pitch, inputChannels, window, groups, ids.constant(
                    weights),
                    channels, floating, pairs, exact, lanes, ids.scratch(accumulator));
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
        MAX, AVERAGE
    }
}
