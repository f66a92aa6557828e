package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import java.util.Optional;

/**
 * Pools the codes of a quantizer in a place of its own instead of their multiples: where the scale is one number above
 * 0, the greatest multiple is that of the greatest code. No multiple is NaN or -0.
 */
public final class MovePoolPastDequantizer implements GraphPass {
    @Override
    public String summary() {
        return "pool codes instead of their multiples";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        return GraphRewriter.rewrite(graph, (node, out) -> dequantized(node, out.definitions())
                .ifPresentOrElse(x -> move(node, x, out), () -> out.keep(node)));
    }

    /** What a max pool pools, if it is such multiples. */
    private static Optional<Operation.Dequantize> dequantized(Node node, Definitions definitions) {
        return node.operation() instanceof Operation.MaxPool pool
                && definitions.operation(pool.x()) instanceof Operation.Dequantize x
                && definitions.constant(x.scale()).orElse(null) instanceof Tensor.Floats scale
                && scale.shape().rank() == 0 && scale.values()[0] > 0
                && x.zero().stream().allMatch(zero -> definitions.constant(zero).isPresent()
                        && definitions.of(zero).type().shape().rank() == 0)
                                ? Optional.of(x)
                                : Optional.empty();
    }

    private static void move(Node node, Operation.Dequantize x, GraphRewriter out) {
        Operation.MaxPool pool = (Operation.MaxPool) node.operation();
        ValueId codes = out.add(pool.with(x.codes()), node.origin());
        out.redefine(node, new Operation.Dequantize(codes, x.scale(), x.zero()));
    }
}
