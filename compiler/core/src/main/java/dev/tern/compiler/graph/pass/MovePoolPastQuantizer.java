package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ValueId;

/**
 * Quantizes before a max pool instead of after it, where the scale is constant: a quantizer never falls as its input
 * rises, so the greatest code is the code of the greatest. The pool then compares codes (of one bit: ORs them) and the
 * quantizer stands beside the product before it. The code of a NaN is not the least, so nothing moves where an overflow
 * may have left one among numbers.
 */
public final class MovePoolPastQuantizer implements GraphPass {
    @Override
    public String summary() {
        return "pool codes instead of reals";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        Magnitudes magnitudes = Magnitudes.of(graph);
        return GraphRewriter.rewrite(graph, (node, out) -> Quantizer.of(node, out.definitions())
                .filter(q -> q.constant() && out.uses().single(q.x()) && !magnitudes.mayHoldNaN(q.x())
                        && out.definitions().operation(q.x()) instanceof Operation.MaxPool)
                .ifPresentOrElse(q -> move(node, q, out), () -> out.keep(node)));
    }

    private static void move(Node node, Quantizer quantizer, GraphRewriter out) {
        Operation.MaxPool pool = (Operation.MaxPool) out.definitions().operation(quantizer.x());
        ValueId codes = out.add(quantizer.of(pool.x()), node.origin());
        out.redefine(node, pool.with(codes));
    }
}
