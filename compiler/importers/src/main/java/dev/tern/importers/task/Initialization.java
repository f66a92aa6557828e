package dev.tern.importers.task;

import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.parameters.InitialParameters;
import dev.tern.compiler.analysis.parameters.ParameterPath;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.output.WholeFile;
import dev.tern.importers.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Random parameters for a model that has none yet, such as training begins with: enough to compile it, to see its size
 * and to measure its speed.
 *
 * <pre>{@code
 * Initialization.of(model, 1).write();     // into the file that the model names, in place of what is there
 * }</pre>
 *
 * @param model the model's name
 * @param target the file that the model names, if it names one and that is a safetensors file
 * @param numbers all parameters, as a safetensors file; the same model and seed give the same on any machine
 * @param warnings what there is to say of the model
 */
public record Initialization(String model, Optional<Path> target, byte[] numbers, List<Diagnostic> warnings) {
    public Initialization {
        warnings = List.copyOf(warnings);
    }

    /**
     * Makes the parameters of a model up; none of its own are read, and nothing is written yet.
     *
     * @param file a Tern text
     * @param seed where chance begins
     * @throws CompilationFailedException if the model is wrong
     */
    public static Initialization of(Path file, long seed) {
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel analyzed = ModelReader.analyze(file, diagnostics);
        Optional<Path> target = analyzed.parameters().filter(named -> named.name().endsWith(".safetensors"))
                .map(named -> ParameterPath
                        .target(OutsideFile.folderOf(file), named.name(), named.span(), diagnostics::add)
                        .orElseThrow(() -> new CompilationFailedException(diagnostics.list())));
        try {
            return new Initialization(analyzed.graph().name(), target,
                    SafetensorsWriter.bytes(new InitialParameters(analyzed.graph(), seed)), diagnostics.list());
        } catch (IOException e) {
            throw new UncheckedIOException("numbers that are in no file", e);
        }
    }

    /**
     * Writes the parameters to the file that the model names, in place of what may be there.
     *
     * @return that file
     * @throws IllegalArgumentException if it names none, or one that is no safetensors file
     * @throws CompilationFailedException if it cannot be written
     */
    public Path write() {
        return write(target.orElseThrow(() -> new IllegalArgumentException("the model names no parameters file that"
                + " ends in .safetensors: say which to write")));
    }

    /** The same to another file. */
    public Path write(Path file) {
        WholeFile.write(Map.of(file, numbers));
        return file;
    }
}
