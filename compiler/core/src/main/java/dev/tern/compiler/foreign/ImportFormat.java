package dev.tern.compiler.foreign;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.Analyzer;
import dev.tern.compiler.analysis.ModelFormat;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.syntax.SyntaxReader;
import java.nio.file.Path;
import java.util.Optional;

/** A format whose models become Tern text with numbers, to be compiled at once or to be written down. */
public interface ImportFormat extends ModelFormat {
    /**
     * Reads a model. Nothing that a hostile file claims makes this allocate much more than the file is long.
     *
     * @param file where it lies; files that it names are read in its folder or below it only
     * @param shownName its name in diagnostics, as the user wrote it
     * @param diagnostics gets everything that is wrong with the file, and all operators that Tern does not have
     * @return the model, or empty if an error was reported
     */
    Optional<ImportedModel> read(Path file, String shownName, ImportOptions options, Diagnostics diagnostics);

    @Override
    default Optional<AnalyzedModel> open(Path file, String shownName, Diagnostics diagnostics) {
        return read(file, shownName, ImportOptions.DEFAULT, diagnostics)
                .flatMap(imported -> analyze(imported, diagnostics));
    }

    /** What an imported model says, with its numbers; empty if an error was reported. */
    static Optional<AnalyzedModel> analyze(ImportedModel imported, Diagnostics diagnostics) {
        return Analyzer.analyze(SyntaxReader.read(imported.text(), diagnostics), diagnostics)
                .map(model -> model.withNumbers(imported.parameters()));
    }

    /**
     * Reads a model by its file's extension.
     *
     * @throws CompilationFailedException if no reader knows the file, or it cannot be brought in
     */
    static ImportedModel read(Path file, ImportOptions options, Diagnostics diagnostics) {
        return ModelFormat.of(file).filter(ImportFormat.class::isInstance).map(ImportFormat.class::cast)
                .orElseThrow(() -> new CompilationFailedException(OtherFile.of(file)
                        .map(other -> other.error(file.toString())).orElseGet(() -> Diagnostic
                                .error(DiagnosticCode.FOREIGN_UNREADABLE, "`" + file + "` is of no known format",
                                        new FilePosition(file.toString(), -1, ""), "")
                                .help("ONNX models end in .onnx, TFLite models in .tflite"))))
                .read(file, file.toString(), options, diagnostics)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
    }
}
