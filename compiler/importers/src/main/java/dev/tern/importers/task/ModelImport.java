package dev.tern.importers.task;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.foreign.ImportFormat;
import dev.tern.compiler.foreign.ImportOptions;
import dev.tern.compiler.foreign.ImportedModel;
import dev.tern.compiler.output.WholeFile;
import dev.tern.importers.safetensors.SafetensorsWriter;
import dev.tern.runtime.CompiledModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model of another tool, ONNX, QONNX, TFLite or Larq, read as Tern: to be written down, or compiled as it is.
 *
 * <pre>{@code
 * ModelImport read = ModelImport.read(onnx, ImportOptions.DEFAULT.withSchemes("ternary(twn)", "dynamic(4)"));
 * System.out.println(read.imported().text().text());
 * read.write(folder);                      // a .tern file with its .safetensors file
 * CompiledModel model = read.compile();
 * }</pre>
 *
 * @param imported its text and its numbers
 * @param model what the text says
 * @param warnings what there is to say of it
 */
public record ModelImport(ImportedModel imported, AnalyzedModel model, List<Diagnostic> warnings) {
    public ModelImport {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads a model.
     *
     * @param file of a format that its ending names: {@code .onnx}, {@code .tflite}
     * @throws CompilationFailedException with everything that is wrong with the file, and all operators that Tern does
     *         not have
     */
    public static ModelImport read(Path file, ImportOptions options) {
        Diagnostics diagnostics = new Diagnostics();
        ImportedModel imported = ImportFormat.read(file, options, diagnostics);
        AnalyzedModel model = ImportFormat.analyze(imported, diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
        return new ModelImport(imported, model, diagnostics.list());
    }

    /** The model, ready to run. @throws CompilationFailedException if it cannot be lowered */
    public CompiledModel compile() {
        return Compilation.of(imported).model();
    }

    /**
     * What {@link #write} writes.
     *
     * @throws CompilationFailedException if the numbers take more than 2 GiB
     */
    public Map<Path, byte[]> in(Path folder) {
        Map<Path, byte[]> files = new LinkedHashMap<>();
        files.put(folder.resolve(imported.name() + ".tern"), imported.text().text().getBytes(StandardCharsets.UTF_8));
        try {
            if (!imported.parameters().entries().isEmpty()) {
                files.put(folder.resolve(imported.name() + ".safetensors"),
                        SafetensorsWriter.bytes(imported.parameters()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("numbers in memory", e);
        } catch (ArithmeticException tooLarge) {
            throw new CompilationFailedException(Diagnostic.error(DiagnosticCode.MODEL_TOO_LARGE,
                    "the model's numbers take more than 2 GiB", model.position(), ""));
        }
        return files;
    }

    /**
     * Writes {@code NAME.tern} and, if the model has numbers, {@code NAME.safetensors}.
     *
     * @return the files
     * @throws CompilationFailedException if they cannot be written
     */
    public List<Path> write(Path folder) {
        Map<Path, byte[]> files = in(folder);
        WholeFile.write(files);
        return List.copyOf(files.keySet());
    }
}
