package dev.tern.importers.onnx;

import dev.tern.importers.network.Value;
import java.util.List;

/** How the nodes of one operator become operations of the network. */
@FunctionalInterface
interface Operator {
    /** @return a value for each of the node's outputs, or for the first of them where the others do not matter */
    List<Value> translate(OnnxNode node);

    /** An operator with one output. */
    @FunctionalInterface
    interface Single extends Operator {
        Value value(OnnxNode node);

        @Override
        default List<Value> translate(OnnxNode node) {
            return List.of(value(node));
        }
    }
}
