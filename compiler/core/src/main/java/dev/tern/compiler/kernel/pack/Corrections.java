package dev.tern.compiler.kernel.pack;

import dev.tern.compiler.graph.Operation.Padding;
import dev.tern.compiler.graph.Origin;
import dev.tern.compiler.kernel.AccumulatorCorrections;
import dev.tern.compiler.kernel.BufferId;
import dev.tern.compiler.kernel.ConstantId;
import dev.tern.compiler.kernel.ConstantPool;
import dev.tern.compiler.kernel.KernelNames;
import dev.tern.compiler.kernel.Producer.MultiplyProduct;
import dev.tern.compiler.kernel.Step.ZeroSource;
import dev.tern.runtime.layout.CodeSums;
import java.util.Optional;

/** The constants that correct the accumulators of packed products, see {@link AccumulatorCorrections}. */
final class Corrections {
    private Corrections() {
    }

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
        Optional<ConstantId> borderSums = padded && (factor != 0 || zero.isPresent())
                ? Optional.of(constants.add(weights.laidOut(KernelNames.path(origin, "border.sums"),
                        product.window().borderSums(product.channels()))))
                : Optional.empty();
        return new AccumulatorCorrections(sums, zero, weightSums, borderSums, factor);
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
