package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.ElementType.Accumulator;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes the greatest accumulator of each window before it is rescaled and normalized, instead of the greatest real
 * after: where every step between never falls as its operand rises, the greatest real comes from the greatest sum, and
 * the steps run on the pooled elements only. That holds for measured scales too, which are positive. {@link RisingStep}
 * says which steps these are; a channel with a negative gamma keeps the pool where it was written, and so do steps that
 * may overflow and make NaN of some elements.
 */
public final class PoolAccumulators implements GraphPass {
    @Override
    public String summary() {
        return "pool sums before they are scaled, where the scaling keeps their order";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        Magnitudes magnitudes = Magnitudes.of(graph);
        return GraphRewriter.rewrite(graph, (node, out) -> {
            if (!(node.operation() instanceof Operation.MaxPool pool && !magnitudes.mayHoldNaN(pool.x())
                    && move(node, pool, out))) {
                out.keep(node);
            }
        });
    }

    private static boolean move(Node node, Operation.MaxPool pool, GraphRewriter out) {
        Definitions definitions = out.definitions();
        List<Node> steps = new ArrayList<>();
        ValueId at = pool.x();
        Optional<ValueId> before = step(at, out);
        while (before.isPresent()) {
            steps.addFirst(definitions.of(at));
            at = before.get();
            before = step(at, out);
        }
        TensorType start = definitions.of(at).type();
        boolean fewer = 2 * node.type().shape().elements() <= start.shape().elements();
        if (steps.isEmpty() || !fewer || !(start.element() instanceof Accumulator)) {
            return false;
        }
        ValueId from = at;
        ValueId value = out.add(pool.with(at), node.origin());
        for (Node step : steps) {
            ValueId operand = value;
            ValueId replaced = from;
            Operation pooled = step.operation().map(id -> id.equals(replaced) ? operand : id);
            if (step == steps.getLast()) {
                out.redefine(node, pooled, step.origin().absorbing(node.origin()));
            } else {
                value = out.add(pooled, step.origin());
                from = step.id();
            }
        }
        return true;
    }

    private static Optional<ValueId> step(ValueId value, GraphRewriter out) {
        return out.uses().single(value)
                ? RisingStep.operand(out.definitions().of(value), out.definitions())
                : Optional.empty();
    }
}
