package dev.tern.importers.dataset.format;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Shape;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetFormat;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.InputProblem;
import dev.tern.importers.numpy.NumpyArray;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * NumPy's arrays, whose first axis counts the examples: a .npy file of inputs, or an .npz archive with inputs and, if
 * they are known, labels [n] or the numbers that the model should give [n, ...]. Numbers are taken as they are. For a
 * model with several inputs an archive holds an array for each, by its name.
 */
public final class ArrayFormat implements DatasetFormat {
    private static final List<String> INPUTS = List.of("x", "inputs", "input", "images", "data", "samples");
    private static final List<String> TARGETS = List.of("y", "labels", "label", "targets", "target", "outputs");

    @Override
    public String description() {
        return "a .npy array [n, ...], or an .npz archive with arrays x and y (or x_test and y_test, images, labels)";
    }

    @Override
    public boolean recognises(Path path) {
        return path.toString().endsWith(".npy") || path.toString().endsWith(".npz");
    }

    @Override
    public Dataset read(Path path, DatasetRequest request) {
        Diagnostics diagnostics = new Diagnostics();
        if (path.toString().endsWith(".npy")) {
            NumpyArray array = NumpyArray.read(path, path.toString(), diagnostics)
                    .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
            return dataset(path, array, Optional.empty(), request);
        }
        Map<String, NumpyArray> arrays = NumpyArray.readArchive(path, path.toString(), diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
        if (!request.inputs().isEmpty()) {
            return joined(path, arrays, request);
        }
        NumpyArray inputs = find(arrays, INPUTS, request.part()).orElseThrow(() -> InputProblem.data(path,
                "holds the arrays " + String.join(", ", arrays.keySet()) + ", of which none is called "
                        + String.join(", ", INPUTS)));
        return dataset(path, inputs, find(arrays, TARGETS, request.part()), request);
    }

    /** The array of an archive that has examples, by its name, or because there is no other. */
    public static Optional<NumpyArray> inputs(Map<String, NumpyArray> arrays) {
        return find(arrays, INPUTS, DatasetRequest.Part.TEST)
                .or(() -> arrays.size() == 1 ? arrays.values().stream().findFirst() : Optional.empty());
    }

    private static Optional<NumpyArray> find(Map<String, NumpyArray> arrays, List<String> names,
            DatasetRequest.Part part) {
        String suffix = switch (part) {
            case TRAINING -> "_train";
            case TEST -> "_test";
        };
        return names.stream().flatMap(name -> Stream.of(name + suffix, name)).map(arrays::get)
                .filter(array -> array != null).findFirst();
    }

    /** Rows with the elements of each input, one after the other. */
    private static Dataset joined(Path path, Map<String, NumpyArray> arrays, DatasetRequest request) {
        int size = request.inputs().values().stream().mapToInt(Shape::elements).sum();
        int count = -1;
        int offset = 0;
        float[] rows = new float[0];
        for (Map.Entry<String, Shape> input : request.inputs().entrySet()) {
            NumpyArray array = find(arrays, List.of(input.getKey()), request.part())
                    .orElseThrow(() -> InputProblem.data(path, "holds the arrays "
                            + String.join(", ", arrays.keySet()) + ", and the model has the input " + input.getKey()));
            int elements = input.getValue().elements();
            int here = array.dimensions().isEmpty() ? 0 : Math.toIntExact(array.dimensions().getFirst());
            if (here == 0 || rest(path, array).elements() != elements) {
                throw InputProblem.data(path, "has the array " + input.getKey() + " " + array.dimensions()
                        + " where the model takes " + input.getValue() + ": the first axis counts the examples");
            }
            if (count >= 0 && here != count) {
                throw InputProblem.data(path, "has " + here + " examples in " + input.getKey() + " and " + count
                        + " in the array before it");
            }
            rows = count < 0 ? new float[Math.multiplyExact(here, size)] : rows;
            count = here;
            float[] values = floats(path, array, count);
            for (int example = 0; example < count; example++) {
                System.arraycopy(values, example * elements, rows, example * size + offset, elements);
            }
            offset += elements;
        }
        int examples = count;
        return new Dataset(path.toString(), Shape.of(size), new Dataset.Values.Numbers(rows),
                find(arrays, TARGETS, request.part()).map(array -> targets(path, array, examples, request.numbers()))
                        .orElseGet(Dataset.Targets.None::new));
    }

    private static Dataset dataset(Path path, NumpyArray inputs, Optional<NumpyArray> targets,
            DatasetRequest request) {
        if (inputs.dimensions().isEmpty()) {
            throw InputProblem.data(path, "holds one number; the first axis of an array counts the examples");
        }
        int count = Math.toIntExact(inputs.dimensions().getFirst());
        if (count == 0) {
            throw InputProblem.data(path, "has no example");
        }
        Shape stored = rest(path, inputs);
        Shape shape = request.shape().filter(wanted -> wanted.elements() == stored.elements()).orElse(stored);
        Dataset.Targets known = targets.map(array -> targets(path, array, count, request.numbers()))
                .orElseGet(Dataset.Targets.None::new);
        return new Dataset(path.toString(), shape, new Dataset.Values.Numbers(floats(path, inputs, count)), known);
    }

    private static Shape rest(Path path, NumpyArray array) {
        List<Long> dimensions = array.dimensions();
        if (dimensions.contains(0L)) {
            throw InputProblem.data(path, "holds an array " + dimensions + " without elements");
        }
        return Shape.of(dimensions.subList(1, dimensions.size()).stream().map(Math::toIntExact).toList());
    }

    /** @param numbers whether integers are numbers, too, and not classes */
    private static Dataset.Targets targets(Path path, NumpyArray array, int count, boolean numbers) {
        if (array.dimensions().isEmpty() || array.dimensions().getFirst() != count) {
            throw InputProblem.data(path, "has labels " + array.dimensions() + " for " + count + " examples");
        }
        Shape each = rest(path, array);
        if (array.integer() && each.elements() == 1 && !numbers) {
            int[] labels = new int[count];
            for (int i = 0; i < count; i++) {
                double label = array.values()[i];
                if (label < 0 || label > Integer.MAX_VALUE) {
                    throw InputProblem.data(path, "has label " + label + " at example " + i
                            + "; labels are 0 and up");
                }
                labels[i] = (int) label;
            }
            return new Dataset.Targets.Classes(labels, List.of());
        }
        return oneOfEach(array, count, each).<Dataset.Targets>map(labels -> new Dataset.Targets.Classes(labels, List
                .of()))
                .orElseGet(() -> new Dataset.Targets.Numbers(each, floats(path, array, count)));
    }

    /** Classes written as rows of zeros with a single one, as Keras' {@code to_categorical} makes them. */
    private static Optional<int[]> oneOfEach(NumpyArray array, int count, Shape each) {
        int classes = each.elements();
        if (each.rank() != 1 || classes < 2) {
            return Optional.empty();
        }
        int[] labels = new int[count];
        for (int example = 0; example < count; example++) {
            int ones = 0;
            for (int label = 0; label < classes; label++) {
                double value = array.values()[example * classes + label];
                if (value == 1) {
                    labels[example] = label;
                    ones++;
                } else if (value != 0) {
                    return Optional.empty();
                }
            }
            if (ones != 1) {
                return Optional.empty();
            }
        }
        return Optional.of(labels);
    }

    private static float[] floats(Path path, NumpyArray array, int count) {
        double[] values = array.values();
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
            if (!Float.isFinite(floats[i])) {
                int size = values.length / count;
                throw InputProblem.data(path, "has " + values[i] + " in example " + i / size + " at element "
                        + i % size + "; numbers must be finite");
            }
        }
        return floats;
    }
}
