package dev.tern.quantizer.evaluation;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.importers.dataset.Dataset;
import dev.tern.runtime.Element;
import dev.tern.runtime.Signature;
import dev.tern.runtime.Signature.Port;
import java.util.List;

/**
 * Labelled examples as a model takes them: pictures scaled to 0..1 for f32 and as stored for bytes, numbers as they
 * are.
 *
 * @param dataset examples with the elements of the model's inputs one after the other
 * @param ports what the model takes
 */
public record LabelledExamples(Dataset dataset, List<Port> ports) implements Accuracy.Examples {
    /**
     * The examples for a model with inputs of as many elements and a vector of scores, or an index, as its first
     * output.
     *
     * @throws CompilationFailedException with DATA_UNREADABLE if they do not go together
     */
    public static LabelledExamples of(Signature signature, Dataset dataset) {
        Port output = signature.outputs().getFirst();
        if (!dataset.labelled()) {
            throw mismatch(dataset, "the examples have no labels");
        }
        boolean scores = output.element() == Element.F32 && output.shape().size() == 1;
        for (int example = 0; scores && example < dataset.count(); example++) {
            if (dataset.label(example) >= output.elements()) {
                throw mismatch(dataset, "example " + example + " has the label " + dataset.label(example) + ", "
                        + output + " gives scores for the labels 0.." + (output.elements() - 1));
            }
        }
        boolean index = output.element() == Element.I32 && output.elements() == 1;
        if (!index && !(scores && output.elements() >= dataset.classes())) {
            throw mismatch(dataset, output + " gives no scores for " + dataset.classes() + " classes");
        }
        return ofNumbers(signature, dataset);
    }

    /**
     * The examples for a model with inputs of as many elements, whatever it gives.
     *
     * @throws CompilationFailedException with DATA_UNREADABLE if they do not go together
     */
    public static LabelledExamples ofNumbers(Signature signature, Dataset dataset) {
        if (signature.inputs().stream().mapToInt(Port::elements).sum() != dataset.shape().elements()) {
            throw mismatch(dataset, "examples of " + dataset.shape() + " do not fit the inputs of " + signature);
        }
        int offset = 0;
        for (Port input : signature.inputs()) {
            requireHeld(input, dataset, offset);
            offset += input.elements();
        }
        return new LabelledExamples(dataset, signature.inputs());
    }

    /** That an input of bytes can hold the numbers. */
    private static void requireHeld(Port input, Dataset dataset, int offset) {
        if (input.element() != Element.F32 && dataset.isChanged()) {
            throw mismatch(dataset, "only f32 inputs can be scaled or made brighter; this model takes " + input);
        }
        int lowest = input.element() == Element.I8 ? -128 : 0;
        int highest = switch (input.element()) {
            case I8 -> 127;
            case U8 -> 255;
            case STEP -> input.steps() - 1;
            case F32, I32 -> Integer.MAX_VALUE;
        };
        for (int example = 0; input.element() != Element.F32 && example < dataset.count(); example++) {
            for (int i = 0; i < input.elements(); i++) {
                float value = dataset.stored(example * dataset.shape().elements() + offset + i);
                if (value != Math.rint(value) || value < lowest || value > highest) {
                    throw mismatch(dataset, "example " + example + " has " + value + " where the model takes " + input);
                }
            }
        }
    }

    private static CompilationFailedException mismatch(Dataset dataset, String message) {
        return new CompilationFailedException(
                Diagnostic.error(DiagnosticCode.DATA_UNREADABLE, message, new FilePosition(dataset.name(), -1, ""),
                        ""));
    }

    @Override
    public int count() {
        return dataset.count();
    }

    @Override
    public Object[] inputs(int example) {
        return inputs(ports, dataset, example);
    }

    /** An example of whatever data as the arrays that inputs take. */
    public static Object[] inputs(List<Port> ports, Dataset dataset, int example) {
        Object[] arrays = new Object[ports.size()];
        int from = example * dataset.shape().elements();
        for (int i = 0; i < arrays.length; i++) {
            arrays[i] = input(ports.get(i), dataset, from);
            from += ports.get(i).elements();
        }
        return arrays;
    }

    /** @param from index of the first element among those of all examples */
    private static Object input(Port input, Dataset dataset, int from) {
        int size = input.elements();
        return switch (input.element()) {
            case F32 -> {
                float[] values = new float[size];
                for (int i = 0; i < size; i++) {
                    values[i] = dataset.taken(from + i);
                }
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
