package dev.tern.importers.tflite;

import java.util.List;

/**
 * A tensor as the file describes it.
 *
 * @param type its number in the schema
 * @param shape open sizes as 1
 * @param signature with -1 for open sizes; empty where none is open
 * @param buffer that holds its elements, which may be empty
 * @param variable state from one inference to the next
 * @param sparse its elements are stored without zeros
 */
record TfliteTensor(String name, int type, List<Integer> shape, List<Integer> signature, int buffer,
        TfliteQuantization quantization, boolean variable, boolean sparse) {
    TfliteTensor {
        shape = List.copyOf(shape);
        signature = List.copyOf(signature);
    }
}
