package dev.tern.compiler.analysis.parameters;

import dev.tern.compiler.diagnostics.Diagnostics;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * A kind of parameter file. Implementations are listed in
 * {@code META-INF/services/dev.tern.compiler.analysis.parameters.ParameterFormat} and chosen by the file's extension.
 */
public interface ParameterFormat {
    /** {@code safetensors}. */
    String name();

    /** Extensions in lower case without the dot. */
    Set<String> extensions();

    /**
     * Opens a file and checks its index. Nothing that a hostile file claims makes this allocate more than the file is
     * long (or unpacks to, up to a limit).
     *
     * @param file where it lies
     * @param shownName its name in diagnostics, as the user wrote it
     * @param diagnostics gets PARAMETERS_UNREADABLE or PARAMETERS_MALFORMED, at a
     *            {@link dev.tern.compiler.diagnostics.FilePosition}, for everything wrong with the file
     * @return the tensors, or empty if an error was reported
     */
    Optional<TensorSource> open(Path file, String shownName, Diagnostics diagnostics);

    /** The format for a file's extension among those on the class path. */
    static Optional<ParameterFormat> of(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String extension = name.substring(name.lastIndexOf('.') + 1);
        return ServiceLoader.load(ParameterFormat.class, ParameterFormat.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get).filter(f -> f.extensions().contains(extension)).findFirst();
    }
}
