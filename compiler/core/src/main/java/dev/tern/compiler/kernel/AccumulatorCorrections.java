package dev.tern.compiler.kernel;

import dev.tern.compiler.kernel.Producer.PackedProduct;
import dev.tern.runtime.layout.BorderSums;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What is added to the accumulators of a packed product so that they become sums of products, see
 * {@link PackedProduct}. The kernel computes, for each output row and channel c with the weights w,
 *
 * <pre>
 * sums[c] + accumulator - z * weightSums[c] + (paddingFactor + z) * borderSums[where the row lies][c]
 * </pre>
 *
 * where z is a measured zero point, else 0. A fixed zero point lies in {@code sums} (as {@code -zero * sum of w}) and
 * in {@code paddingFactor}.
 *
 * @param sums Ints [channel] or one for all: what each channel's accumulator starts from
 * @param zero where a zero point is measured at run time: an I32 Plain buffer of one element, or one per input row
 *        (direct windows only)
 * @param weightSums Ints [channel], the sum of the channel's weights: what such a zero point is multiplied by; absent
 *        where none is measured
 * @param borderSums Ints [kind of line][kind of column][channel], see {@link BorderSums}: the sum of the weights of the
 *        taps in the padding; absent where no tap can lie outside or what lies there adds nothing
 */
public record AccumulatorCorrections(ConstantId sums, Optional<BufferId> zero, Optional<ConstantId> weightSums,
        Optional<ConstantId> borderSums, int paddingFactor) {
    /** The same with another number for its buffer. */
    public AccumulatorCorrections reading(UnaryOperator<BufferId> buffers) {
        return new AccumulatorCorrections(sums, zero.map(buffers), weightSums, borderSums, paddingFactor);
    }

    /** The same with every id looked up, in the order of the record. */
    AccumulatorCorrections map(KernelIds ids) {
        return new AccumulatorCorrections(ids.constant(sums), zero.map(ids::read), weightSums.map(ids::constant),
                borderSums.map(ids::constant), paddingFactor);
    }
}
