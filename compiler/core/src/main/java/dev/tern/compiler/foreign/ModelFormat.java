package dev.tern.compiler.foreign;

import dev.tern.compiler.diagnostics.Diagnostics;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * A kind of model file. Implementations are listed in
 * {@code META-INF/services/dev.tern.compiler.foreign.ModelFormat} and chosen by the file's extension.
 */
public interface ModelFormat {
    /** The extension of Tern's own files. */
    String OWN_EXTENSION = "tern";

    /** {@code ONNX}. */
    String name();

    /** Extensions in lower case without the dot. */
    Set<String> extensions();

    /**
     * Reads a model. Nothing that a hostile file claims makes this allocate much more than the file is long.
     *
     * @param file where it lies; files that it names are read in its folder or below it only
     * @param shownName its name in diagnostics, as the user wrote it
     * @param diagnostics gets everything that is wrong with the file, and all operators that Tern does not have
     * @return the model, or empty if an error was reported
     */
    Optional<ImportedModel> read(Path file, String shownName, ImportOptions options, Diagnostics diagnostics);

    /** The format for a file's extension among those on the class path; none for Tern's own files. */
    static Optional<ModelFormat> of(Path file) {
        String name = file.getFileName() == null ? "" : file.getFileName().toString().toLowerCase(Locale.ROOT);
        String extension = name.substring(name.lastIndexOf('.') + 1);
        if (extension.equals(OWN_EXTENSION)) {
            return Optional.empty();
        }
        return ServiceLoader.load(ModelFormat.class, ModelFormat.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get).filter(f -> f.extensions().contains(extension)).findFirst();
    }
}
