package dev.tern.quantizer;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.TensorType;
import dev.tern.importers.dataset.Dataset;
import dev.tern.quantizer.dataset.Distortion;
import dev.tern.quantizer.dataset.HeldOut;
import dev.tern.quantizer.network.Loss;
import dev.tern.quantizer.network.Signal;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A data set as a model is trained on it: what goes into its inputs, one input after the other, what should come out,
 * and which examples are held out.
 */
final class Examples {
    private final Dataset data;
    private final List<TensorType> inputs;
    private final int inputSize;
    private final int outputSize;
    private final int[] training;
    private final int[] heldOut;

    /**
     * @param output the scores or the numbers of the model
     * @throws CompilationFailedException if data and model do not go together
     */
    Examples(Graph graph, Signal output, Dataset data, TrainingSettings.Course course) {
        Node input = graph.definitions().get(graph.inputs().getFirst());
        this.data = forgotten(graph, data);
        this.inputs = graph.inputs().stream().map(id -> graph.definitions().get(id).type()).toList();
        this.inputSize = data.shape().elements();
        this.outputSize = output.shape().elements();
        check(graph, input, output, course);
        HeldOut parts = HeldOut.of(data.count(), course.heldOut());
        this.heldOut = parts.heldOut();
        this.training = parts.training();
    }

    /** Whoever learns to give examples back has no use for their classes. */
    private static Dataset forgotten(Graph graph, Dataset data) {
        Shape input = graph.definitions().get(graph.inputs().getFirst()).type().shape();
        Shape output = graph.definitions().get(graph.outputs().getFirst().value()).type().shape();
        return data.labelled() && graph.inputs().size() == 1
                && data.isGivenBack(dimensions(input), dimensions(output))
                        ? data.withoutTargets()
                        : data;
    }

    private static List<Integer> dimensions(Shape shape) {
        return Arrays.stream(shape.toArray()).boxed().toList();
    }

    private void check(Graph graph, Node input, Signal output, TrainingSettings.Course course) {
        if (inputSize != inputs.stream().mapToInt(type -> type.shape().elements()).sum()) {
            throw disagreement(DiagnosticCode.INPUT_MISSHAPEN, "the examples are " + data.shape()
                    + (inputs.size() == 1 ? ", the model's input is " : ", the model's inputs are ")
                    + String.join(", ", inputs.stream().map(type -> type.shape().toString()).toList()), input);
        }
        if (data.isChanged() && inputs.stream().anyMatch(type -> type.element() instanceof ElementType.Code)) {
            throw disagreement(DiagnosticCode.INPUT_MISSHAPEN,
                    "only f32 inputs can be scaled or made brighter, and the model's takes codes", input);
        }
        switch (data.targets()) {
            case Dataset.Targets.Classes(int[] labels, _) -> {
                for (int example = 0; example < labels.length; example++) {
                    if (labels[example] >= outputSize) {
                        throw disagreement(DiagnosticCode.LABELS_MISMATCH, "example " + example + " of " + data.name()
                                + " has label " + labels[example] + ", the model's output is " + output.shape()
                                + ", for labels 0.." + (outputSize - 1), input);
                    }
                }
                if (data.classes() > outputSize) {
                    throw disagreement(DiagnosticCode.LABELS_MISMATCH, "the examples have " + data.classes()
                            + " classes, the model's output is " + output.shape(), input);
                }
            }
            case Dataset.Targets.Numbers(var shape, _) -> {
                if (shape.elements() != outputSize) {
                    throw disagreement(DiagnosticCode.LABELS_MISMATCH, shape.elements() == 1
                            ? "the examples have one number each as their target, which is a class only where all are"
                                    + " whole numbers from 0 on; the model's output is " + output.shape()
                            : "the examples have targets of " + shape + ", the model's output is " + output.shape(),
                            input);
                }
            }
            case Dataset.Targets.None() -> {
                if (inputSize != outputSize) {
                    throw disagreement(DiagnosticCode.LABELS_MISMATCH, "the examples of " + data.name()
                            + " have no labels: without them a model learns to give its input back, and this one's"
                            + " output is " + output.shape(), input);
                }
            }
        }
        if (data.count() - course.heldOut() < course.batch()) {
            throw disagreement(DiagnosticCode.DATA_UNREADABLE, "too few examples: a batch of " + course.batch()
                    + " and " + course.heldOut() + " held out of " + data.count(), input);
        }
    }

    private static CompilationFailedException disagreement(DiagnosticCode code, String message, Node input) {
        return new CompilationFailedException(Diagnostic.error(code, message, input.origin().position(), "this input"));
    }

    /** What is made smaller: classes are told apart, numbers are met. */
    Loss loss() {
        return labelled() ? new Loss.CrossEntropy() : new Loss.MeanSquare();
    }

    boolean labelled() {
        return data.labelled();
    }

    int inputSize() {
        return inputSize;
    }

    int outputSize() {
        return outputSize;
    }

    /** The examples that are trained on, in the order of the data. */
    int[] training() {
        return training;
    }

    int[] heldOut() {
        return heldOut;
    }

    Dataset heldOutExamples() {
        return data.select(heldOut);
    }

    /** Writes an example as the input takes it. */
    void input(int example, float[] target, int offset) {
        data.copy(example, target, offset);
        store(target, offset);
    }

    /** Writes a distorted image as the input takes it. */
    void distorted(int example, Distortion distortion, float[] target, int offset, RandomGenerator random) {
        distortion.copy(data, example, target, offset, random);
        store(target, offset);
    }

    /** An input of codes takes pixels as they are stored. */
    private void store(float[] target, int offset) {
        int from = offset;
        for (TensorType type : inputs) {
            int end = from + type.shape().elements();
            for (int i = from; type.element() instanceof ElementType.Code && i < end; i++) {
                target[i] = (float) Math.rint(target[i] * data.divisor());
            }
            from = end;
        }
    }

    /** Writes what should come out: a probability for each class, or numbers. */
    void target(int example, float smoothing, float[] target, int offset) {
        switch (data.targets()) {
            case Dataset.Targets.Classes classes -> {
                Arrays.fill(target, offset, offset + outputSize, smoothing / outputSize);
                target[offset + classes.labels()[example]] += 1 - smoothing;
            }
            case Dataset.Targets.Numbers(_, float[] elements) ->
                System.arraycopy(elements, example * outputSize, target, offset, outputSize);
            case Dataset.Targets.None() -> input(example, target, offset);
        }
    }
}
