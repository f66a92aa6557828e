package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.ValueId;
import dev.tern.compiler.graph.meaning.NormArithmetic;
import java.util.Optional;

/** Turns a batch normalization with known statistics into the multiplication and addition that define it. */
public final class FoldBatchNormIntoAffine implements GraphPass {
    @Override
    public String summary() {
        return "replace batch normalization by one multiplication and one addition per channel";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        return GraphRewriter.rewrite(graph, (node, out) -> {
            if (node.operation() instanceof Operation.BatchNorm norm && known(norm, out)) {
                fold(node, norm, out);
            } else {
                out.keep(node);
            }
        });
    }

    private static boolean known(Operation.BatchNorm norm, GraphRewriter out) {
        return norm.operands().stream().skip(1).map(out.definitions()::constant).allMatch(Optional::isPresent);
    }

    private static void fold(Node node, Operation.BatchNorm norm, GraphRewriter out) {
        float[] scale = NormArithmetic.scale(floats(norm.gamma(), out), floats(norm.variance(), out), norm.epsilon());
        float[] shift = NormArithmetic.shift(floats(norm.beta(), out), floats(norm.mean(), out), scale);
        ValueId scaleId = out.add(new Operation.Constant(Tensor.of(scale)), node.origin());
        ValueId shiftId = out.add(new Operation.Constant(Tensor.of(shift)), node.origin());
        out.redefine(node, new Operation.Affine(norm.x(), scaleId, shiftId));
    }

    private static float[] floats(ValueId id, GraphRewriter out) {
        return ((Tensor.Floats) out.definitions().constant(id).orElseThrow()).values();
    }
}
