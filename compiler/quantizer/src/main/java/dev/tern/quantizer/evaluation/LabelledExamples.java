package dev.tern.quantizer.evaluation;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.importers.dataset.Dataset;
import dev.tern.runtime.Element;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Signature.Port;

/**
 * Labelled examples as a model takes them: pictures scaled to 0..1 for f32 and as stored for bytes, numbers as they
 * are.
 *
 * @param input what the model takes
 * @param factor by which each value of an f32 input is multiplied
 * @param shift what is then added to it
 */
public record LabelledExamples(Dataset dataset, Port input, float factor, float shift) implements Accuracy.Examples {
    /**
     * The examples for a model with one input of as many elements and a vector of scores, or an index, as its first
     * output.
     *
     * @throws CompilationFailedException with DATA_UNREADABLE if they do not go together
     */
    public static LabelledExamples of(Signature signature, Dataset dataset) {
        Port input = signature.inputs().getFirst();
        Port output = signature.outputs().getFirst();
        if (signature.inputs().size() != 1 || input.elements() != dataset.shape().elements()) {
            throw mismatch("examples of " + dataset.shape() + " do not fit the inputs of " + signature);
        }
        if (!dataset.labelled()) {
            throw mismatch("the examples of " + dataset.name() + " have no labels");
        }
        boolean scores = output.element() == Element.F32 && output.shape().size() == 1
                && output.elements() >= dataset.classes();
        boolean index = output.element() == Element.I32 && output.elements() == 1;
        if (!scores && !index) {
            throw mismatch(output + " gives no scores for " + dataset.classes() + " classes");
        }
        requireHeld(input, dataset);
        return new LabelledExamples(dataset, input, 1, 0);
    }

    /**
     * The examples for a model with one input of as many elements, whatever it gives.
     *
     * @throws CompilationFailedException with DATA_UNREADABLE if they do not go together
     */
    public static LabelledExamples ofNumbers(Signature signature, Dataset dataset) {
        Port input = signature.inputs().getFirst();
        if (signature.inputs().size() != 1 || input.elements() != dataset.shape().elements()) {
            throw mismatch("examples of " + dataset.shape() + " do not fit the inputs of " + signature);
        }
        requireHeld(input, dataset);
        return new LabelledExamples(dataset, input, 1, 0);
    }

    /** That an input of bytes can hold the numbers. */
    private static void requireHeld(Port input, Dataset dataset) {
        int lowest = input.element() == Element.I8 ? -128 : 0;
        int highest = switch (input.element()) {
            case I8 -> 127;
            case U8 -> 255;
            case STEP -> input.steps() - 1;
            case F32, I32 -> Integer.MAX_VALUE;
        };
        for (int i = 0; input.element() != Element.F32 && i < dataset.values().size(); i++) {
            float value = dataset.stored(i);
            if (value != Math.rint(value) || value < lowest || value > highest) {
                throw mismatch("example " + i / dataset.shape().elements() + " has " + value + " where the model takes "
                        + input);
            }
        }
    }

    private static CompilationFailedException mismatch(String message) {
        return new CompilationFailedException(
                Diagnostic.error(DiagnosticCode.DATA_UNREADABLE, message, new FilePosition("data", -1, ""), ""));
    }

    /**
     * The same examples with other contrast and brightness.
     *
     * @throws CompilationFailedException with DATA_UNREADABLE if the model takes bytes
     */
    public LabelledExamples changed(float newFactor, float newShift) {
        if (input.element() != Element.F32 && (newFactor != 1 || newShift != 0)) {
            throw mismatch("only f32 inputs can be scaled or made brighter; this model takes bytes");
        }
        return new LabelledExamples(dataset, input, newFactor, newShift);
    }

    @Override
    public int count() {
        return dataset.count();
    }

    @Override
    public Object input(int example) {
        Object array = input(input, dataset, example);
        if (array instanceof float[] values) {
            for (int i = 0; i < values.length; i++) {
                values[i] = values[i] * factor + shift;
            }
        }
        return array;
    }

    /** An example of whatever data as the array that an input takes. */
    public static Object input(Port input, Dataset dataset, int example) {
        int size = dataset.shape().elements();
        int from = example * size;
        return switch (input.element()) {
            case F32 -> {
                float[] values = new float[size];
                dataset.copy(example, values, 0);
                yield values;
            }
            case U8, I8 -> {
                byte[] bytes = new byte[size];
                for (int i = 0; i < size; i++) {
                    bytes[i] = (byte) (int) dataset.stored(from + i);
                }
                yield bytes;
            }
            case STEP, I32 -> {
                int[] integers = new int[size];
                for (int i = 0; i < size; i++) {
                    integers[i] = (int) dataset.stored(from + i);
                }
                yield integers;
            }
        };
    }

    @Override
    public int label(int example) {
        return dataset.label(example);
    }
}
