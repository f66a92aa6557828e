package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ValueId;
import java.util.ArrayList;
import java.util.List;

/**
 * Quantizes the parts of a concatenation instead of the whole, where the scale is constant, so that each quantizer
 * stands beside the product that made its part and the concatenation moves codes.
 */
public final class MoveConcatPastQuantizer implements GraphPass {
    @Override
    public String summary() {
        return "concatenate codes instead of reals";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        return GraphRewriter.rewrite(graph, (node, out) -> Quantizer.of(node, out.definitions())
                .filter(q -> q.constant() && out.uses().single(q.x())
                        && out.definitions().operation(q.x()) instanceof Operation.Concat)
                .ifPresentOrElse(q -> move(node, q, out), () -> out.keep(node)));
    }

    private static void move(Node node, Quantizer quantizer, GraphRewriter out) {
        Operation.Concat concat = (Operation.Concat) out.definitions().operation(quantizer.x());
        List<ValueId> parts = new ArrayList<>();
        for (ValueId part : concat.parts()) {
            parts.add(out.add(quantizer.of(part), node.origin()));
        }
        out.redefine(node, new Operation.Concat(parts, concat.axis()));
    }
}
