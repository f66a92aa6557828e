package dev.tern.quantizer.dataset;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Interval;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Shape;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.TensorType;
import dev.tern.compiler.graph.ValueId;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import dev.tern.importers.numpy.NumpyArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Inputs for a model, of a data set of any format: what is known of them does not matter. */
public final class Samples {
    private Samples() {
    }

    /**
     * Reads the examples to learn from. An .npz archive may hold an array for each input, by its name; any other data
     * is for the model's only input that is no step, pictures divided by 255 for f32. Step inputs that the data does
     * not have go through their steps, from the first to the last as often as there are samples for.
     *
     * @param chosen which of them, and how changed
     * @param most of more samples so many are taken, evenly spread
     * @param resize whether pictures of another size are made to fit
     * @return each the model's inputs in the order of its signature
     * @throws CompilationFailedException with DATA_UNREADABLE, naming the file and the sample
     */
    public static List<List<Tensor>> read(Path data, Graph graph, Chosen chosen, int most, boolean resize) {
        Map<String, TensorType> inputs = new LinkedHashMap<>();
        for (ValueId id : graph.inputs()) {
            inputs.put(((Operation.Input) graph.definitions().get(id).operation()).name(),
                    graph.definitions().get(id).type());
        }
        Map<String, Dataset> sets = sets(data, inputs, resize);
        Map<String, Dataset> some = new LinkedHashMap<>();
        sets.forEach((name, set) -> some.put(name, chosen.of(set)));
        int count = some.values().iterator().next().count();
        int taken = Math.min(count, most);
        return IntStream.range(0, taken).mapToObj(i -> {
            int sample = (int) ((long) i * count / taken);
            List<Tensor> values = new ArrayList<>();
            inputs.forEach((name, type) -> values.add(some.containsKey(name)
                    ? tensor(data, some.get(name), sample, type, 0)
                    : Tensor.scalar(i % ((ElementType.StepIndex) type.element()).count())));
            return values;
        }).toList();
    }

    /**
     * Samples of examples at hand: with the elements of the model's inputs one after the other.
     *
     * @throws CompilationFailedException with DATA_UNREADABLE if they are none for the model
     */
    public static List<List<Tensor>> of(Dataset examples, Graph graph, int most) {
        List<TensorType> types = graph.inputs().stream().map(id -> graph.definitions().get(id).type()).toList();
        Path name = Path.of(examples.name());
        if (examples.shape().elements() != types.stream().mapToInt(type -> type.shape().elements()).sum()) {
            throw unreadable(name, "", "samples of " + examples.shape() + " do not fit the input "
                    + String.join(", ", types.stream().map(TensorType::toString).toList()));
        }
        int taken = Math.min(examples.count(), most);
        return IntStream.range(0, taken).mapToObj(i -> {
            List<Tensor> values = new ArrayList<>();
            int offset = 0;
            for (TensorType type : types) {
                values.add(tensor(name, examples, (int) ((long) i * examples.count() / taken), type, offset));
                offset += type.shape().elements();
            }
            return values;
        }).toList();
    }

    /** What there is for each input. */
    private static Map<String, Dataset> sets(Path data, Map<String, TensorType> inputs, boolean resize) {
        List<String> needed = inputs.entrySet().stream()
                .filter(entry -> !(entry.getValue().element() instanceof ElementType.StepIndex)
                        || entry.getValue().shape().rank() > 0)
                .map(Map.Entry::getKey).toList();
        Map<String, Dataset> sets = new LinkedHashMap<>();
        if (data.toString().endsWith(".npz")) {
            Map<String, NumpyArray> arrays = arrays(data);
            inputs.forEach((name, type) -> {
                if (arrays.containsKey(name)) {
                    sets.put(name, set(data, name, arrays.get(name), type));
                }
            });
        }
        if (sets.isEmpty() && needed.size() == 1) {
            TensorType type = inputs.get(needed.getFirst());
            sets.put(needed.getFirst(), checked(data, needed.getFirst(), Datasets.read(data,
                    DatasetRequest.of(DatasetRequest.Part.TRAINING).fitting(type.shape()).resizing(resize)), type));
        }
        if (!sets.keySet().containsAll(needed) || sets.isEmpty()) {
            throw unreadable(data, "", "the model has the inputs " + String.join(", ", inputs.keySet())
                    + ": give an .npz archive with an array [n, ...] for each");
        }
        if (sets.values().stream().mapToInt(Dataset::count).distinct().count() > 1) {
            throw unreadable(data, "", "the arrays of the inputs hold different numbers of samples");
        }
        return sets;
    }

    private static Map<String, NumpyArray> arrays(Path data) {
        Diagnostics diagnostics = new Diagnostics();
        return NumpyArray.readArchive(data, data.toString(), diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
    }

    private static Dataset set(Path data, String name, NumpyArray array, TensorType type) {
        int size = type.shape().elements();
        if (array.dimensions().isEmpty() || array.values().length == 0
                || array.values().length != array.dimensions().getFirst() * size) {
            throw unreadable(data, name, "the array " + name + " is " + array.dimensions() + " where samples of "
                    + type + " are counted by the first axis");
        }
        float[] values = new float[array.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.values()[i];
            if (!Float.isFinite(values[i])) {
                throw unreadable(data, name, "sample " + i / size + " of " + name + " has " + array.values()[i]);
            }
        }
        return new Dataset(data.toString(), type.shape(), new Dataset.Values.Numbers(values),
                new Dataset.Targets.None());
    }

    private static Dataset checked(Path data, String name, Dataset set, TensorType type) {
        if (set.shape().elements() != type.shape().elements()) {
            boolean pictures = set.divisor() != 1 && set.shape().rank() == type.shape().rank()
                    && set.shape().channels() == type.shape().channels();
            throw unreadable(data, name, "samples of " + set.shape() + " do not fit the input " + type
                    + (pictures ? "; --resize makes pictures fit" : ""));
        }
        return set;
    }

    /** @param offset of the input's elements in those of the sample */
    private static Tensor tensor(Path file, Dataset dataset, int sample, TensorType type, int offset) {
        Shape shape = type.shape();
        int from = sample * dataset.shape().elements() + offset;
        if (type.element() instanceof ElementType.F32) {
            float[] floats = new float[shape.elements()];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = dataset.taken(from + i);
            }
            return new Tensor.Floats(shape, floats);
        }
        Interval range = Interval.of(type.element());
        int[] integers = new int[shape.elements()];
        for (int i = 0; i < integers.length; i++) {
            float value = dataset.stored(from + i);
            integers[i] = (int) value;
            if (integers[i] != value || !range.contains(Interval.of(integers[i]))) {
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
