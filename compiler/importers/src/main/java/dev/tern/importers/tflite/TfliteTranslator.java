package dev.tern.importers.tflite;

import dev.tern.importers.network.ForeignValue;
import java.util.List;

/** How the nodes of one operator become operations of the network. */
@FunctionalInterface
interface TfliteTranslator {
    /** @return a value for each of the node's outputs */
    List<ForeignValue> translate(TfliteNode node);

    /** An operator with one output. */
    @FunctionalInterface
    interface Single extends TfliteTranslator {
        ForeignValue value(TfliteNode node);

        @Override
        default List<ForeignValue> translate(TfliteNode node) {
            return List.of(value(node));
        }
    }
}
