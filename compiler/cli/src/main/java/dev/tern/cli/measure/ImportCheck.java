package dev.tern.cli.measure;

import dev.tern.compiler.analysis.parameters.ParameterFormat;
import dev.tern.compiler.analysis.parameters.TensorEntry;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.foreign.ImportedModel.Edge;
import dev.tern.runtime.CompiledModel;
import dev.tern.runtime.Signature.Port;
import dev.tern.runtime.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares what an imported model gives with what its original gave. */
public final class ImportCheck {
    /** Sums in another order differ by so much. */
    private static final float TOLERANCE = 1e-3f;

    private final Path file;
    private final TensorSource data;
    private final Path original;

    private ImportCheck(Path file, TensorSource data, Path original) {
        this.file = file;
        this.data = data;
        this.original = original;
    }

    /**
     * How far one output is apart.
     *
     * @param examples of how many
     * @param greatest the greatest difference of two numbers
     * @param relative the same over the greatest number of the output, or 1
     * @param answers in how many examples the greatest entry is at the same place
     */
    public record Difference(String output, int examples, float greatest, float relative, int answers) {
    }

    /** What was compared. */
    public record Result(List<Difference> outputs) {
        public Result {
            outputs = List.copyOf(outputs);
        }

        /** Whether no output is further apart than sums in another order may be. */
        public boolean alike() {
            return outputs.stream().allMatch(output -> output.relative() <= TOLERANCE);
        }

        /** For a person. */
        public List<String> lines() {
            return outputs.stream().map(output -> String.format(Locale.ROOT,
                    "check  %s: greatest difference %.3g (%.3g of the greatest number), greatest entry alike in %,d of"
                            + " %,d%s",
                    output.output(), output.greatest(), output.relative(), output.answers(), output.examples(),
                    output.relative() <= TOLERANCE ? "" : "  TOO FAR APART")).toList();
        }

        /** For programs. */
        public List<Map<String, Object>> toJson() {
            return outputs.stream().map(output -> {
                Map<String, Object> object = new LinkedHashMap<>();
                object.put("output", output.output());
                object.put("examples", output.examples());
                object.put("greatestDifference", output.greatest());
                object.put("relativeDifference", output.relative());
                object.put("answersAlike", output.answers());
                return object;
            }).toList();
        }
    }

    /**
     * @param file an .npz file with inputs and outputs by their names in the original or in Tern, in the original's
     *        order of axes; of an ONNX file ONNX Runtime gives the outputs, where it is on the class path and the file
     *        holds none
     * @param original what was imported
     * @throws CompilationFailedException if something is missing there or of another shape
     */
    public static Result run(CompiledModel model, ImportedModel imported, Path file, Path original) {
        Diagnostics diagnostics = new Diagnostics();
        ParameterFormat format = ParameterFormat.of(file).orElseThrow(() -> failure(file,
                DiagnosticCode.INPUT_UNREADABLE, "the file's extension does not say how to read it", "give an .npz or"
                        + " .safetensors file"));
        try (TensorSource data = format.open(file, file.toString(), diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()))) {
            return new ImportCheck(file, data, original).compare(model, imported);
        } catch (IOException e) {
            throw failure(file, DiagnosticCode.INPUT_UNREADABLE, "the file cannot be read: " + e.getMessage(), "");
        }
    }

    private Result compare(CompiledModel model, ImportedModel imported) throws IOException {
        List<float[]> inputs = new ArrayList<>();
        for (Edge edge : imported.inputs()) {
            inputs.add(values(edge, true));
        }
        List<float[]> wanted = new ArrayList<>();
        for (Edge edge : imported.outputs()) {
            wanted.add(values(edge, false));
        }
        int examples = inputs.getFirst().length / elements(imported.inputs().getFirst());
        for (int i = 0; i < inputs.size(); i++) {
            requireExamples(imported.inputs().get(i), inputs.get(i), examples);
        }
        List<Difference> differences = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            if (wanted.get(i).length > 0) {
                requireExamples(imported.outputs().get(i), wanted.get(i), examples);
            }
        }
        if (wanted.stream().allMatch(values -> values.length == 0) && original.toString().endsWith(".onnx")
                && OnnxLibrary.present()) {
            wanted = OnnxRuntime.run(original, imported, inputs, examples);
        }
        float[][] results = run(model, imported, inputs, examples);
        for (int i = 0; i < wanted.size(); i++) {
            if (wanted.get(i).length > 0) {
                differences.add(difference(imported.outputs().get(i), wanted.get(i), results[i], examples));
            }
        }
        if (differences.isEmpty()) {
            throw failure(file, DiagnosticCode.INPUT_MISSING, "the file holds none of the model's outputs",
                    "they are " + String.join(", ", imported.outputs().stream().map(Edge::sourceName).toList())
                            + "; with ONNX Runtime on the class path inputs are enough");
        }
        return new Result(differences);
    }

    private static int elements(Edge edge) {
        return edge.shape().stream().reduce(1, (a, b) -> a * b);
    }

    /** The numbers under an edge's name; none for an output that is not there. */
    private float[] values(Edge edge, boolean required) throws IOException {
        for (TensorEntry entry : data.entries()) {
            if (entry.name().equals(edge.sourceName()) || entry.name().equals(edge.name())) {
                requireShape(edge, entry);
                boolean indices = file.toString().endsWith(".npz") && entry.storedType().matches(
                        "u?int(16|32|64)");
                if (entry.type().floating() || indices) {
                    return data.floats(entry);
                }
                if (entry.type().bytes()) {
                    byte[] bytes = data.bytes(entry);
                    float[] values = new float[bytes.length];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = entry.storedType().contains("u") ? bytes[i] & 0xff : bytes[i];
                    }
                    return values;
                }
                throw failure(file, DiagnosticCode.INPUT_UNREADABLE, "`" + entry.name() + "` is of type "
                        + entry.storedType(), "save it with .astype(numpy.float32)");
            }
        }
        if (required) {
            throw failure(file, DiagnosticCode.INPUT_MISSING,
                    "the file holds no array `" + edge.sourceName() + "`, an input of the model",
                    "it holds " + String.join(", ", data.entries().stream().map(TensorEntry::name).toList()));
        }
        return new float[0];
    }

    /** The model's shape, or that of examples after a number of them, in one row each if need be; 1s do not count. */
    private void requireShape(Edge edge, TensorEntry entry) {
        List<Long> given = entry.dimensions().stream().filter(size -> size != 1).toList();
        List<Long> wanted = edge.sourceShape().stream().filter(size -> size != 1).map(Integer::longValue).toList();
        List<Long> row = elements(edge) == 1 ? List.of() : List.of((long) elements(edge));
        boolean fits = List.of(wanted, row).stream().anyMatch(shape -> given.equals(shape) || given.size() == shape
                .size() + 1 && given.subList(1, given.size()).equals(shape));
        if (!fits) {
            throw failure(file, DiagnosticCode.INPUT_MISSHAPEN, "`" + entry.name() + "` has the shape "
                    + entry.dimensions() + ", the model's is " + edge.sourceShape(), "give examples of that shape, one"
                            + " or [n, ...] of them; a transpose is not made up for");
        }
    }

    private void requireExamples(Edge edge, float[] values, int examples) {
        if (examples == 0 || values.length != examples * elements(edge)) {
            throw failure(file, DiagnosticCode.INPUT_MISSHAPEN, "`" + edge.sourceName() + "` has " + values.length
                    + " elements, which are not those of " + Math.max(1, examples) + " examples of "
                    + edge.sourceShape(), "");
        }
    }

    /** The outputs of all examples, in the original's order of axes. */
    private static float[][] run(CompiledModel model, ImportedModel imported, List<float[]> inputs, int examples) {
        Session session = model.newSession();
        Object[] outputs = session.newOutputs(1);
        float[][] results = new float[outputs.length][];
        for (int i = 0; i < results.length; i++) {
            results[i] = new float[examples * elements(imported.outputs().get(i))];
        }
        List<int[]> inputPlaces = imported.inputs().stream().map(Edge::places).toList();
        List<int[]> outputPlaces = imported.outputs().stream().map(Edge::places).toList();
        for (int example = 0; example < examples; example++) {
            Object[] arrays = new Object[inputs.size()];
            for (int i = 0; i < arrays.length; i++) {
                arrays[i] = array(model.signature().inputs().get(i), inputs.get(i), example, inputPlaces.get(i));
            }
            session.run(arrays, outputs);
            for (int i = 0; i < results.length; i++) {
                int[] places = outputPlaces.get(i);
                for (int k = 0; k < places.length; k++) {
                    results[i][example * places.length + places[k]] = outputs[i] instanceof float[] floats
                            ? floats[k]
                            : ((int[]) outputs[i])[k];
                }
            }
        }
        return results;
    }

    private static Object array(Port port, float[] values, int example, int[] places) {
        int from = example * places.length;
        return switch (port.element()) {
            case F32 -> {
                float[] array = new float[places.length];
                for (int k = 0; k < array.length; k++) {
                    array[k] = values[from + places[k]];
                }
                yield array;
            }
            case U8, I8 -> {
                byte[] array = new byte[places.length];
                for (int k = 0; k < array.length; k++) {
                    array[k] = (byte) (int) values[from + places[k]];
                }
                yield array;
            }
            case STEP, I32 -> {
                int[] array = new int[places.length];
                for (int k = 0; k < array.length; k++) {
                    array[k] = (int) values[from + places[k]];
                }
                yield array;
            }
        };
    }

    private static Difference difference(Edge edge, float[] wanted, float[] found, int examples) {
        float greatest = 0;
        float scale = 1;
        int answers = 0;
        int size = wanted.length / examples;
        for (int example = 0; example < examples; example++) {
            int here = 0;
            int there = 0;
            for (int k = 0; k < size; k++) {
                int at = example * size + k;
                float difference = Math.abs(wanted[at] - found[at]);
                greatest = difference > greatest || Float.isNaN(difference) ? difference : greatest;
                scale = Math.max(scale, Math.abs(wanted[at]));
                here = found[at] > found[example * size + here] ? k : here;
                there = wanted[at] > wanted[example * size + there] ? k : there;
            }
            answers += here == there ? 1 : 0;
        }
        return new Difference(edge.sourceName(), examples, greatest, greatest / scale, answers);
    }

    private static CompilationFailedException failure(Path file, DiagnosticCode code, String message, String help) {
        Diagnostic diagnostic = Diagnostic.error(code, message, new FilePosition(file.toString(), -1, ""), "");
        return new CompilationFailedException(help.isEmpty() ? diagnostic : diagnostic.help(help));
    }
}
