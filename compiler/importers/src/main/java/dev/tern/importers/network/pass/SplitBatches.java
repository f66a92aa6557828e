package dev.tern.importers.network.pass;

import dev.tern.importers.network.Extents;
import dev.tern.importers.network.ForeignNetwork;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import dev.tern.importers.network.NetworkOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Windows over a small fixed batch become as many over one example each, joined again: Tern's convolutions and pools
 * take one.
 */
final class SplitBatches {
    /** Beyond that the model is to be exported for one example. */
    private static final int MOST = 32;

    private int next;

    private SplitBatches(ForeignNetwork network) {
        next = Rewriting.greatestId(network);
    }

    static ForeignNetwork run(ForeignNetwork network) {
        SplitBatches split = new SplitBatches(network);
        List<ForeignNode> nodes = new ArrayList<>();
        for (ForeignNode node : network.nodes()) {
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

    private void addTo(List<ForeignNode> nodes, ForeignNode node) {
        List<ForeignValue> parts = new ArrayList<>();
        for (int i = 0; i < node.x().size(0); i++) {
            ForeignValue one = value(node.x());
            nodes.add(new ForeignNode(new NetworkOp.Slice(0, i, 1, 1), List.of(node.x()), one, node.origin()));
            List<ForeignValue> inputs = new ArrayList<>(node.inputs());
            inputs.set(0, one);
            ForeignValue part = value(node.output());
            nodes.add(new ForeignNode(node.op(), inputs, part, node.origin()));
            parts.add(part);
        }
        nodes.add(new ForeignNode(new NetworkOp.Concat(0), parts, node.output(), node.origin()));
    }

    /** A value like another, of one example. */
    private ForeignValue value(ForeignValue like) {
        next++;
        return new ForeignValue(next, like.name(), like.kind(), Extents.with(like.shape(), 0, 1), Optional.empty(),
                like.coding());
    }
}
