package dev.tern.importers.network;

import java.util.List;

/** One operation of a network. @param output what it computes */
public record Node(NetworkOp op, List<Value> inputs, Value output, Origin origin) {
    public Node {
        inputs = List.copyOf(inputs);
    }

    public Value x() {
        return inputs.getFirst();
    }
}
