package dev.tern.cli.input;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Inputs for a model with one input, of a data set of any format: what is known of them does not matter. */
public final class Samples {
    private Samples() {
    }

    /**
     * Samples for a model with one input that is no step.
     *
     * @throws CompilationFailedException with DATA_UNREADABLE, naming the file and the sample, or where the model has
     *         other inputs
     */
    public static List<List<Tensor>> read(Path data, Graph graph, int most) {
        TensorType type = graph.definitions().get(graph.inputs().getFirst()).type();
        if (graph.inputs().size() != 1 || type.element() instanceof ElementType.StepIndex) {
            throw unreadable(data, "", "samples are of one input, and the model has others");
        }
        return read(data, type, most).stream().map(List::of).toList();
    }

    /**
     * Reads the examples to learn from, pictures divided by 255 for f32.
     *
     * @param type of the model's input: f32, or bytes
     * @param most of more samples so many are taken, evenly spread
     * @throws CompilationFailedException with DATA_UNREADABLE, naming the file and the sample
     */
    public static List<Tensor> read(Path data, TensorType type, int most) {
        Dataset dataset = Datasets.read(data,
                DatasetRequest.of(DatasetRequest.Part.TRAINING).fitting(type.shape()));
        if (dataset.shape().elements() != type.shape().elements()) {
            throw unreadable(data, "", "samples of " + dataset.shape() + " do not fit the input " + type);
        }
        int count = dataset.count();
        int taken = Math.min(count, most);
        return IntStream.range(0, taken).map(i -> (int) ((long) i * count / taken))
                .mapToObj(sample -> tensor(data, dataset, sample, type)).toList();
    }

    private static Tensor tensor(Path file, Dataset dataset, int sample, TensorType type) {
        Shape shape = type.shape();
        if (!(type.element() instanceof ElementType.Code code)) {
            float[] floats = new float[shape.elements()];
            dataset.copy(sample, floats, 0);
            return new Tensor.Floats(shape, floats);
        }
        int[] integers = new int[shape.elements()];
        for (int i = 0; i < integers.length; i++) {
            float value = dataset.stored(sample * integers.length + i);
            integers[i] = (int) value;
            if (integers[i] != value || value < code.lowest() || value > code.highest()) {
                throw unreadable(file, "sample " + sample, "sample " + sample + " has " + value + " at element " + i
                        + ", which the input " + type + " cannot hold");
            }
        }
        return new Tensor.Integers(shape, integers);
    }

    private static CompilationFailedException unreadable(Path file, String part, String message) {
        return new CompilationFailedException(Diagnostic.error(DiagnosticCode.DATA_UNREADABLE, message,
                new FilePosition(file.toString(), -1, part), ""));
    }
}
