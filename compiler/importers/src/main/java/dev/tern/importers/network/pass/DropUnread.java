package dev.tern.importers.network.pass;

import dev.tern.importers.network.ForeignNetwork;
import dev.tern.importers.network.ForeignNode;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;

/** Nodes that no output depends on go. */
final class DropUnread {
    private DropUnread() {
    }

    static ForeignNetwork run(ForeignNetwork network) {
        Set<Integer> read = new HashSet<>();
        network.outputs().forEach(output -> read.add(output.value().id()));
        List<ForeignNode> nodes = new LinkedList<>();
        for (ForeignNode node : network.nodes().reversed()) {
            if (read.contains(node.output().id())) {
                node.inputs().forEach(value -> read.add(value.id()));
                nodes.addFirst(node);
            }
        }
        return Rewriting.with(network, nodes);
    }
}
