package dev.tern.importers.onnx;

import dev.tern.importers.network.ForeignValue;
import java.util.List;

/** How the nodes of one operator become operations of the network. */
@FunctionalInterface
interface OnnxTranslator {
    /** @return a value for each of the node's outputs, or for the first of them where the others do not matter */
    List<ForeignValue> translate(OnnxNode node);

    /** An operator with one output. */
    @FunctionalInterface
    interface Single extends OnnxTranslator {
        ForeignValue value(OnnxNode node);

        @Override
        default List<ForeignValue> translate(OnnxNode node) {
            return List.of(value(node));
        }
    }
}
