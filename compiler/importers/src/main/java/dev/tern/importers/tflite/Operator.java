package dev.tern.importers.tflite;

import dev.tern.importers.network.Value;
import java.util.List;

/** How the nodes of one operator become operations of the network. */
@FunctionalInterface
interface Operator {
    /** @return a value for each of the node's outputs */
    List<Value> translate(TfliteNode node);

    /** An operator with one output. */
    @FunctionalInterface
    interface Single extends Operator {
        Value value(TfliteNode node);

        @Override
        default List<Value> translate(TfliteNode node) {
            return List.of(value(node));
        }
    }
}
