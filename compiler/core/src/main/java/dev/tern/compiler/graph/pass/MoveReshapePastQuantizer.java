package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ValueId;

/**
 * Quantizes before a reshape instead of after it, where the scale is constant, so that the quantizer stands beside
 * the product before it and the reshape moves codes.
 */
public final class MoveReshapePastQuantizer implements GraphPass {
    @Override
    public String summary() {
        return "reshape codes instead of reals";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        return GraphRewriter.rewrite(graph, (node, out) -> Quantizer.of(node, out.definitions())
                .filter(q -> q.constant() && out.uses().single(q.x())
                        && out.definitions().operation(q.x()) instanceof Operation.Reshape)
                .ifPresentOrElse(q -> move(node, q, out), () -> out.keep(node)));
    }

    private static void move(Node node, Quantizer quantizer, GraphRewriter out) {
        Operation.Reshape reshape = (Operation.Reshape) out.definitions().operation(quantizer.x());
        ValueId codes = out.add(quantizer.of(reshape.x()), node.origin());
        out.redefine(node, reshape.with(codes));
    }
}
