package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.formula.ElementFunction;

/**
 * Drops a relu or clip whose limits the following quantizer enforces anyway: where it gives its lowest code to the
 * lower limit and its highest to the upper one, everything beyond saturates to the same codes. The relu or clip goes
 * only if every user is such a quantizer; one that a scale is measured from stays.
 */
public final class FoldReluIntoQuantizer implements GraphPass {
    @Override
    public String summary() {
        return "drop a relu or clip where the quantizer's range does its work";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        Definitions definitions = Definitions.of(graph);
        return GraphRewriter.rewrite(graph, (node, out) -> {
            if (clamps(node.operation()) && redundant(node, out.uses(), definitions)) {
                out.replace(node, node.operation().operands().getFirst());
            } else {
                out.keep(node);
            }
        });
    }

    private static boolean clamps(Operation operation) {
        return operation instanceof Operation.Clip
                || operation instanceof Operation.Activation(ElementFunction function, ValueId x)
                        && function.equals(ElementFunction.RELU);
    }

    private static boolean redundant(Node clamp, Uses uses, Definitions definitions) {
        return !uses.isOutput(clamp.id()) && !uses.of(clamp.id()).isEmpty()
                && uses.of(clamp.id()).stream().allMatch(user -> Quantizer.of(user, definitions)
                        .filter(q -> q.x().equals(clamp.id()) && saturates(clamp.operation(), q)).isPresent());
    }

    private static boolean saturates(Operation clamp, Quantizer quantizer) {
        if (clamp instanceof Operation.Clip(ValueId x, float low, float high)) {
            return quantizer.saturatesBelow(low) && quantizer.saturatesAbove(high);
        }
        return quantizer.saturatesBelow(0);
    }
}
