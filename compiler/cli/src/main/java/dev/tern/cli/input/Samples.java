package dev.tern.cli.input;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.importers.numpy.NumpyArray;
import dev.tern.quantizer.dataset.LabelledImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Inputs without labels for a model with one input: an array whose first axis counts them, or a folder of pictures. */
public final class Samples {
    private static final float WHITE = 255f;

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
        if (graph.inputs().size() != 1 || type.element() instanceof ElementType.Step) {
            throw unreadable(data, "", "samples are of one input, and the model has others");
        }
        return read(data, type, most).stream().map(List::of).toList();
    }

    /**
     * Reads a .npy file, or the training images of a folder in MNIST's layout, divided by 255 for f32.
     *
     * @param type of the model's input: f32, or bytes
     * @param most of more samples so many are taken, evenly spread
     * @throws CompilationFailedException with DATA_UNREADABLE, naming the file and the sample
     */
    public static List<Tensor> read(Path data, TensorType type, int most) {
        return Files.isDirectory(data) ? pictures(data, type, most) : array(data, type, most);
    }

    private static List<Tensor> pictures(Path folder, TensorType type, int most) {
        LabelledImages images = LabelledImages.readMnist(folder, LabelledImages.Part.TRAINING);
        int size = images.shape().elements();
        if (size != type.shape().elements()) {
            throw unreadable(folder, "", "pictures of " + images.shape() + " do not fit the input " + type);
        }
        float divisor = type.element() instanceof ElementType.F32 ? WHITE : 1;
        return spread(images.count(), most, sample -> {
            double[] values = new double[size];
            for (int i = 0; i < size; i++) {
                values[i] = (images.pixels()[sample * size + i] & 0xff) / divisor;
            }
            return tensor(folder, sample, type, values, 0);
        });
    }

    private static List<Tensor> array(Path file, TensorType type, int most) {
        Diagnostics diagnostics = new Diagnostics();
        NumpyArray array = NumpyArray.read(file, file.toString(), diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
        long count = array.dimensions().isEmpty() ? 0 : array.dimensions().getFirst();
        int size = type.shape().elements();
        if (count == 0 || array.values().length != count * size) {
            throw unreadable(file, "", "the array is " + array.descriptor() + array.dimensions()
                    + " where samples of " + type + " are counted by the first axis");
        }
        return spread((int) count, most, sample -> tensor(file, sample, type, array.values(), sample * size));
    }

    private static List<Tensor> spread(int count, int most, IntFunction<Tensor> sample) {
        int taken = Math.min(count, most);
        return IntStream.range(0, taken).map(i -> (int) ((long) i * count / taken)).mapToObj(sample).toList();
    }

    private static Tensor tensor(Path file, int sample, TensorType type, double[] all, int from) {
        Shape shape = type.shape();
        float[] floats = new float[shape.elements()];
        int[] integers = new int[shape.elements()];
        for (int i = 0; i < floats.length; i++) {
            double value = all[from + i];
            floats[i] = (float) value;
            integers[i] = (int) value;
            boolean holds = type.element() instanceof ElementType.Code code
                    ? integers[i] == value && value >= code.lowest() && value <= code.highest()
                    : Float.isFinite(floats[i]);
            if (!holds) {
                throw unreadable(file, "sample " + sample, "sample " + sample + " has " + value + " at element " + i
                        + ", which the input " + type + " cannot hold");
            }
        }
        return type.element() instanceof ElementType.F32
                ? new Tensor.Floats(shape, floats)
                : new Tensor.Integers(shape, integers);
    }

    private static CompilationFailedException unreadable(Path file, String part, String message) {
        return new CompilationFailedException(Diagnostic.error(DiagnosticCode.DATA_UNREADABLE, message,
                new FilePosition(file.toString(), -1, part), ""));
    }
}
