package dev.tern.quantizer.training;

import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.parameters.ParameterFormat;
import dev.tern.compiler.analysis.parameters.ParameterPath;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.quantizer.diffusion.NoiseSchedule.Deviations;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The noise that a model was trained on, as its parameters file records it: nothing where variance was kept. */
public final class StoredNoise {
    private static final String KEY = "tern.noise";

    private StoredNoise() {
    }

    /** What a file is to record. */
    public static Map<String, String> notes(Optional<Deviations> deviations) {
        return deviations.map(found -> Map.of(KEY, found.toString())).orElse(Map.of());
    }

    /**
     * What the parameters file of a model records.
     *
     * @param model the file of its text
     * @throws CompilationFailedException if the file cannot be read
     */
    public static Optional<Deviations> of(AnalyzedModel analyzed, Path model) {
        Diagnostics diagnostics = new Diagnostics();
        return analyzed.parameters().flatMap(named -> in(ParameterPath
                .resolve(OutsideFile.folderOf(model), named.name(), named.span(), diagnostics::add)
                .map(OutsideFile::path).orElseThrow(() -> new CompilationFailedException(diagnostics.list()))));
    }

    /**
     * What a parameters file records.
     *
     * @throws CompilationFailedException if it cannot be read
     */
    public static Optional<Deviations> in(Path file) {
        Diagnostics diagnostics = new Diagnostics();
        try (TensorSource source = ParameterFormat.of(file)
                .flatMap(format -> format.open(file, file.toString(), diagnostics))
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()))) {
            return Optional.ofNullable(source.notes().get(KEY)).map(text -> read(text, file));
        }
    }

    private static Deviations read(String text, Path file) {
        try {
            return Deviations.of(text);
        } catch (IllegalArgumentException e) {
            throw new CompilationFailedException(Diagnostic.error(DiagnosticCode.PARAMETERS_MALFORMED, e.getMessage(),
                    new FilePosition(file.toString(), -1, KEY), "").help("train the model again"));
        }
    }
}
