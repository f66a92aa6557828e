package dev.tern.compiler;

import dev.tern.compiler.diagnostics.Position;
import dev.tern.runtime.Signature;
import java.util.List;

/**
 * What became of one layer.
 *
 * @param layer what a model's signature says of layers: path, op, schemes (empty of a layer without weights), output
 *        shape, bytes of weights
 * @param position the text that asked for it
 * @param binaryMultiplyAdds per inference, of one-bit weights by one-bit activations
 * @param otherMultiplyAdds per inference, all others
 * @param arenaBytes of the buffers that its kernels write or work in; buffers that are not wanted at the same time
 *        share memory, so that the arena is smaller than their sum
 * @param kernels its own kernels, each by what it is; none for a layer that became part of another's
 * @param predictedNanos what its kernels are predicted to take on one thread; 0 where it has none
 * @param products how its products are computed, and how else they could be
 * @param passes the passes that changed it, in order
 */
public record LayerReport(Signature.LayerSummary layer, Position position, long binaryMultiplyAdds,
        long otherMultiplyAdds,
        long arenaBytes, List<String> kernels, double predictedNanos, List<ProductReport> products,
        List<String> passes) {
    /** Weights of more bits are no low-bit weights. */
    private static final int LOW_BITS = 4;

    public LayerReport {
        kernels = List.copyOf(kernels);
        products = List.copyOf(products);
        passes = List.copyOf(passes);
    }

    /**
     * Whether its products are predicted to take the greater part of its time, and not what is done to each element.
     */
    public boolean boundByProducts() {
        return 2 * products.stream().mapToDouble(product -> product.chosen().nanoseconds()).sum() >= predictedNanos;
    }

    /** Whether its kernels multiply by weights of few bits. */
    public boolean lowBit() {
        return !products.isEmpty() && products.stream().allMatch(p -> p.shape().weightBits() <= LOW_BITS);
    }

    /** Whether it has weights, and with them a place in the model's signature. */
    public boolean weighted() {
        return !layer.weights().isEmpty();
    }
}
