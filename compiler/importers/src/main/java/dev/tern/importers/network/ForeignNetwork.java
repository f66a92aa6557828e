package dev.tern.importers.network;

import java.util.List;

/**
 * A network that a reader has understood.
 *
 * @param name a name for the model
 * @param description what the file says of it
 * @param inputs in the file's order
 * @param outputs in the file's order
 * @param nodes each after those it reads
 * @param notes what the reader did that the user should know
 */
public record ForeignNetwork(String name, Description description, List<ForeignValue> inputs, List<Output> outputs,
        List<ForeignNode> nodes,
        List<String> notes) {
    public ForeignNetwork {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
        notes = List.copyOf(notes);
    }

    /** A result under the name that the file gives it. */
    public record Output(String name, ForeignValue value) {
    }
}
