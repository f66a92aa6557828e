package dev.tern.importers.task;

import dev.tern.compiler.ModelReader;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.output.WholeFile;
import dev.tern.importers.export.ExportOptions;
import dev.tern.importers.export.OnnxExport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A model, quantized as it is, as an ONNX file that other tools run. Inputs and outputs keep their names, and their
 * order of axes behind a batch of one.
 *
 * <pre>{@code
 * ModelExport.of(model, ExportOptions.DEFAULT).write(onnx);
 * }</pre>
 *
 * @param model its name
 * @param bytes of the file
 * @param warnings what there is to say of the model
 */
public record ModelExport(String model, byte[] bytes, List<Diagnostic> warnings) {
    public ModelExport {
        warnings = List.copyOf(warnings);
    }

    /**
     * Translates a model.
     *
     * @param file a Tern text, or a model of another tool
     * @throws CompilationFailedException if the model or its parameters are wrong, or ONNX cannot say what it does
     */
    public static ModelExport of(Path file, ExportOptions options) {
        Diagnostics diagnostics = new Diagnostics();
        Graph graph = ModelReader.bind(ModelReader.analyze(file, diagnostics), file, diagnostics);
        return new ModelExport(graph.name(), OnnxExport.of(graph, options), diagnostics.list());
    }

    /** Writes the file whole or not at all. @throws CompilationFailedException if that is not possible */
    public void write(Path file) {
        WholeFile.write(Map.of(file, bytes));
    }
}
