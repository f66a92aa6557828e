package dev.tern.compiler.graph.pass;

import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.NodeSink;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;

/** Writes operations that have no kernels of their own with those that have, bit for bit as they are defined. */
public final class ExpandComposites implements GraphPass {
    @Override
    public String summary() {
        return "write norms, transposed convolutions and their like with the operations that compute them";
    }

    @Override
    public Graph apply(Graph graph, Diagnostics diagnostics) {
        return GraphRewriter.rewrite(graph, (node, out) -> {
            if (node.operation() instanceof Operation.Composite composite) {
                out.replace(node, composite.expansion().expand(new Sink(node, out), composite.operands()));
            } else {
                out.keep(node);
            }
        });
    }

    /** Nodes in the place of one. */
    private record Sink(Node node, GraphRewriter out) implements NodeSink {
        @Override
        public ValueId add(Operation operation) {
            return out.add(operation, node.origin());
        }

        @Override
        public ValueId add(Operation operation, TensorType type) {
            return out.add(operation, type, node.origin());
        }

        @Override
        public TensorType type(ValueId id) {
            return out.definitions().of(id).type();
        }

        @Override
        public boolean nonNegative(ValueId id) {
            return false;
        }
    }
}
