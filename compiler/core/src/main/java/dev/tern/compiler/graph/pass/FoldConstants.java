package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.meaning.Meaning;
import java.util.List;
import java.util.Optional;

/** Evaluates, with the oracle itself, whatever has only constants for operands. */
public final class FoldConstants implements GraphPass {
    @Override
    public String summary() {
        return "compute at compile time what depends on parameters alone";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        return GraphRewriter.rewrite(graph, FoldConstants::fold);
    }

    private static void fold(Node node, GraphRewriter out) {
        List<Optional<Tensor>> operands = node.operation().operands().stream().map(out.definitions()::constant)
                .toList();
        boolean foldable = !operands.isEmpty() && operands.stream().allMatch(Optional::isPresent)
                && !(node.operation() instanceof Operation.NotLowered);
        if (foldable) {
            Tensor value = Meaning.evaluate(node.operation(), node.type(),
                    operands.stream().map(Optional::get).toList());
            out.redefine(node, new Operation.Constant(value));
        } else {
            out.keep(node);
        }
    }
}
