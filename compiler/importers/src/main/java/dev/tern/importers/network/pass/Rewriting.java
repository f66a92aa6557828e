package dev.tern.importers.network.pass;

import dev.tern.importers.network.Network;
import dev.tern.importers.network.Node;
import dev.tern.importers.network.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who computes and who reads the values of a network. */
final class Rewriting {
    private final Map<Integer, Node> producers = new HashMap<>();
    private final Map<Integer, Integer> uses = new HashMap<>();

    Rewriting(Network network) {
        network.nodes().forEach(node -> {
            producers.put(node.output().id(), node);
            node.inputs().forEach(value -> uses.merge(value.id(), 1, Integer::sum));
        });
        network.outputs().forEach(output -> uses.merge(output.value().id(), 1, Integer::sum));
    }

    Optional<Node> producer(Value value) {
        return Optional.ofNullable(producers.get(value.id()));
    }

    boolean usedOnce(Value value) {
        return uses.getOrDefault(value.id(), 0) == 1;
    }

    static Network with(Network network, List<Node> nodes) {
        return new Network(network.name(), network.description(), network.inputs(), network.outputs(), nodes,
                network.notes());
    }
}
