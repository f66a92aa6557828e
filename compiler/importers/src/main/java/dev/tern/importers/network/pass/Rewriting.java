package dev.tern.importers.network.pass;

import dev.tern.importers.network.ForeignNetwork;
import dev.tern.importers.network.ForeignNode;
import dev.tern.importers.network.ForeignValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who computes and who reads the values of a network. */
final class Rewriting {
    private final Map<Integer, ForeignNode> producers = new HashMap<>();
    private final Map<Integer, Integer> uses = new HashMap<>();

    Rewriting(ForeignNetwork network) {
        network.nodes().forEach(node -> {
            producers.put(node.output().id(), node);
            node.inputs().forEach(value -> uses.merge(value.id(), 1, Integer::sum));
        });
        network.outputs().forEach(output -> uses.merge(output.value().id(), 1, Integer::sum));
    }

    Optional<ForeignNode> producer(ForeignValue value) {
        return Optional.ofNullable(producers.get(value.id()));
    }

    boolean usedOnce(ForeignValue value) {
        return uses.getOrDefault(value.id(), 0) == 1;
    }

    /** The greatest id of a network's values. */
    static int greatestId(ForeignNetwork network) {
        int greatest = network.inputs().stream().mapToInt(ForeignValue::id).max().orElse(0);
        for (ForeignNode node : network.nodes()) {
            greatest = Math.max(greatest, node.output().id());
            greatest = Math.max(greatest, node.inputs().stream().mapToInt(ForeignValue::id).max().orElse(0));
        }
        return greatest;
    }

    static ForeignNetwork with(ForeignNetwork network, List<ForeignNode> nodes) {
        return new ForeignNetwork(network.name(), network.description(), network.inputs(), network.outputs(), nodes,
                network.notes());
    }
}
