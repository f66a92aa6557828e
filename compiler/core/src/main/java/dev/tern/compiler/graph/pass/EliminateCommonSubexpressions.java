package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Operation.Elementwise;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes equal things once: two layers that read one tensor under the same scheme share its quantizer. Sums and
 * products of two f32 operands are equal either way round.
 */
public final class EliminateCommonSubexpressions implements GraphPass {
    /** The type is part of it: constants of equal elements may have different ones. */
    private record Key(Operation operation, TensorType type) {
    }

    @Override
    public String summary() {
        return "compute equal values once, sharing quantizers between their consumers";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        Map<Key, ValueId> known = new HashMap<>();
        return GraphRewriter.rewrite(graph, (node, out) -> {
            ValueId same = known.putIfAbsent(new Key(ordered(node.operation()), node.type()), node.id());
            if (same == null) {
                out.keep(node);
            } else {
                out.replace(node, same);
            }
        });
    }

    private static Operation ordered(Operation operation) {
        return operation instanceof Elementwise(var function, ValueId left, ValueId right) && function.commutes()
                ? new Elementwise(function, Collections.min(List.of(left, right)), Collections.max(List.of(left,
                        right)))
                : operation;
    }
}
