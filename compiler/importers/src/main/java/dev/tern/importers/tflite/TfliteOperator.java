package dev.tern.importers.tflite;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A node as the file describes it.
 *
 * @param name of the operator; of a custom one its code
 * @param custom whether it is no operator of TFLite itself
 * @param inputs the places of its tensors, -1 where an optional one is left out
 * @param outputs the places of its results
 * @param options its attributes, where it has any
 * @param customOptions those of a custom operator
 */
record TfliteOperator(String name, boolean custom, int[] inputs, int[] outputs, Optional<FlatTable> options,
        ByteBuffer customOptions) {
}
