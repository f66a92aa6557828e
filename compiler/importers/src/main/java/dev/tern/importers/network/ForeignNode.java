package dev.tern.importers.network;

import java.util.List;

/** One operation of a network. @param output what it computes */
public record ForeignNode(NetworkOp op, List<ForeignValue> inputs, ForeignValue output, ForeignOrigin origin) {
    public ForeignNode {
        inputs = List.copyOf(inputs);
    }

    public ForeignValue x() {
        return inputs.getFirst();
    }
}
