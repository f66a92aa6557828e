package dev.tern.compiler;

import dev.tern.compiler.diagnostics.Position;
import dev.tern.runtime.Signature;
import java.util.List;

/**
 * What became of one layer with weights.
 *
 * @param layer what the model's signature says of it: path, op, schemes, output shape, bytes of weights
 * @param position the text that asked for it
 * @param binaryMultiplyAdds per inference, of one-bit weights by one-bit activations
 * @param otherMultiplyAdds per inference, all others
 * @param kernels the kernels that compute it, each by what it is
 * @param passes the passes that changed it, in order
 */
public record LayerReport(Signature.Layer layer, Position position, long binaryMultiplyAdds, long otherMultiplyAdds,
        List<String> kernels, List<String> passes) {
    public LayerReport {
        kernels = List.copyOf(kernels);
        passes = List.copyOf(passes);
    }
}
