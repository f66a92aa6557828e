package dev.tern.importers.network.pass;

import dev.tern.importers.network.Extents;
import dev.tern.importers.network.Network;
import dev.tern.importers.network.NetworkOp;
import dev.tern.importers.network.Node;
import dev.tern.importers.network.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Windows over a small fixed batch become as many over one example each, joined again: Tern's convolutions and pools
 * take one.
 */
final class SplitBatches {
    /** Beyond that the model is to be exported for one example. */
    private static final int MOST = 8;

    private int next;

    private SplitBatches(Network network) {
        next = network.inputs().stream().mapToInt(Value::id).max().orElse(0);
        for (Node node : network.nodes()) {
            next = Math.max(next, node.output().id());
            next = Math.max(next, node.inputs().stream().mapToInt(Value::id).max().orElse(0));
        }
    }

    static Network run(Network network) {
        SplitBatches split = new SplitBatches(network);
        List<Node> nodes = new ArrayList<>();
        for (Node node : network.nodes()) {
            if (windowed(node.op()) && node.x().size(0) > 1 && node.x().size(0) <= MOST) {
                split.addTo(nodes, node);
            } else {
                nodes.add(node);
            }
        }
        return Rewriting.with(network, nodes);
    }

    private static boolean windowed(NetworkOp op) {
        return switch (op) {
            case NetworkOp.Conv _,NetworkOp.ConvTranspose _,NetworkOp.Pool _ -> true;
            case NetworkOp.Upsample _,NetworkOp.GroupNorm _ -> true;
            default -> false;
        };
    }

    private void addTo(List<Node> nodes, Node node) {
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < node.x().size(0); i++) {
            Value one = value(node.x());
            nodes.add(new Node(new NetworkOp.Slice(0, i, 1, 1), List.of(node.x()), one, node.origin()));
            List<Value> inputs = new ArrayList<>(node.inputs());
            inputs.set(0, one);
            Value part = value(node.output());
            nodes.add(new Node(node.op(), inputs, part, node.origin()));
            parts.add(part);
        }
        nodes.add(new Node(new NetworkOp.Concat(0), parts, node.output(), node.origin()));
    }

    /** A value like another, of one example. */
    private Value value(Value like) {
        next++;
        return new Value(next, like.name(), like.kind(), Extents.with(like.shape(), 0, 1), Optional.empty(),
                like.coding());
    }
}
