package dev.tern.compiler.verification;

import dev.tern.compiler.graph.Tensor;

/**
 * Where a pass or the class gives other bits than the model means.
 *
 * @param at after which pass it was seen first
 * @param input which of the inputs, from 0
 * @param value the output, or the value inside the graph
 * @param expected what it is by definition
 * @param actual what comes of it
 */
public record Difference(Checkpoint at, int input, String value, Tensor expected, Tensor actual) {
    /** How many elements differ, where the first of them stands and what it is; one line. */
    public String describe() {
        if (expected instanceof Tensor.Floats != actual instanceof Tensor.Floats
                || !expected.shape().equals(actual.shape())) {
            return value + " is " + actual + " in the place of " + expected;
        }
        int count = 0;
        int first = -1;
        for (int i = expected.shape().elements() - 1; i >= 0; i--) {
            if (bits(expected, i) != bits(actual, i)) {
                count++;
                first = i;
            }
        }
        return value + expected.shape() + ": " + count + (count == 1 ? " element differs" : " elements differ")
                + ", the first is number " + first + ": " + shown(actual, first) + " in the place of "
                + shown(expected, first);
    }

    /** Whether tensors are equal to the bit, NaN included. */
    static boolean sameBits(Tensor a, Tensor b) {
        if (!a.equals(b)) {
            return false;
        }
        for (int i = 0; i < a.shape().elements(); i++) {
            if (bits(a, i) != bits(b, i)) {
                return false;
            }
        }
        return true;
    }

    private static int bits(Tensor tensor, int index) {
        return switch (tensor) {
            case Tensor.Floats floats -> Float.floatToRawIntBits(floats.values()[index]);
            case Tensor.Integers integers -> integers.values()[index];
        };
    }

    private static String shown(Tensor tensor, int index) {
        return switch (tensor) {
            case Tensor.Floats floats -> floats.values()[index] + " (" + Integer.toHexString(bits(tensor, index))
                    + ")";
            case Tensor.Integers integers -> Integer.toString(integers.values()[index]);
        };
    }
}
