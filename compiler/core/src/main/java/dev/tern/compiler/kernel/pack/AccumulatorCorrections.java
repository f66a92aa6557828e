package dev.tern.compiler.kernel.pack;

import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.ConstantPool;
import dev.tern.compiler.kernel.KernelNames;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import dev.tern.compiler.kernel.Producer.PackedProduct;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.runtime.layout.CodeSums;
import java.util.Optional;

/**
 * What is added to the accumulators of a packed product so that they become sums of products, see
 * {@link PackedProduct}. The kernel computes, for each output row and channel c with the weights w,
 *
 * <pre>
 * sums[c] + accumulator - z * weightSums[c] + sum over taps t in the padding of (factor + z) * tapSums[c][t]
 * </pre>
 *
 * where z is a measured zero point, else 0. A fixed zero point lies in {@code sums} (as {@code -zero * sum of w}) and
 * in {@code factor}. weightSums are absent where no zero point is measured, tapSums where no tap can lie outside or
 * what lies there adds nothing.
 *
 * @param sums what each channel's accumulator starts from
 * @param zero where a zero point is measured at run time
 * @param weightSums what such a zero point is multiplied by
 * @param tapSums what a tap in the padding adds, times factor
 */
record AccumulatorCorrections(ConstantId sums, Optional<BufferId> zero, Optional<ConstantId> weightSums,
        Optional<ConstantId> tapSums, int factor) {
    /**
     * The corrections of a product, in the pool.
     *
     * @param start what each channel's accumulator lacks where there is no zero point and no padding, of
     * {@link UnpackedCodes#sums}
     * @param tapFactor the code that the packed form has in the padding, negated: a tap there has added -tapFactor
     * times
     *        its sum of weights, which is taken back before what the padding stands for is added
     */
    static AccumulatorCorrections of(MultiplyProduct product, Origin origin, UnpackedCodes weights, CodeSums start,
            int tapFactor, ConstantPool constants) {
        int fixedZero = fixedZero(product);
        ConstantId sums = constants.perChannel(weights.laidOut(KernelNames.path(origin, "sums"),
                weights.sums(start.ofSum() - fixedZero, start.ofNonzero(), start.constant())));
        Optional<BufferId> zero = product.zero().flatMap(source -> source instanceof ZeroSource.Measured measured
                ? Optional.of(measured.buffer())
                : Optional.empty());
        Optional<ConstantId> weightSums = zero
                .map(id -> constants.add(weights.laidOut(KernelNames.path(origin, "weight.sums"),
                        weights.sums(1, 0, 0))));
        boolean padded = product.window().geometry().padded();
        int factor = padded ? value(product.padding()) + tapFactor + fixedZero : 0;
        Optional<ConstantId> tapSums = padded && (factor != 0 || zero.isPresent())
                ? Optional.of(constants.add(weights.laidOut(KernelNames.path(origin, "tap.sums"), weights.tapSums())))
                : Optional.empty();
        return new AccumulatorCorrections(sums, zero, weightSums, tapSums, factor);
    }

    /** The zero point that is known at compile time, or 0. */
    static int fixedZero(MultiplyProduct product) {
        return product.zero().map(source -> source instanceof ZeroSource.Fixed known ? known.value() : 0).orElse(0);
    }

    /** What a tap in the padding counts as. */
    static int value(Padding padding) {
        return switch (padding) {
            case ZERO -> 0;
            case PLUS_ONE -> 1;
            case MINUS_ONE -> -1;
        };
    }
}
