package dev.tern.compiler.analysis;

import dev.tern.compiler.diagnostics.Diagnostics;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * A kind of file, other than Tern text, that holds a model. Implementations are listed in
 * {@code META-INF/services/dev.tern.compiler.analysis.ModelFormat} and chosen by the file's extension; whatever takes a
 * {@code .tern} file then takes theirs as well.
 *
 * <p>An implementation has two roads to a model. It may write a Tern text in memory and have it analyzed, with the
 * numbers
 * under the paths that the text gives them ({@link AnalyzedModel#withNumbers}). Or it may build the graph itself, with
 * {@link dev.tern.compiler.graph.GraphBuilder} and the quantizers and products of {@code graph.build}; the origin of
 * each
 * node is then a {@link dev.tern.compiler.diagnostics.FilePosition} that names the node of the foreign file.
 */
public interface ModelFormat {
    /** Of Tern text. */
    String OWN_EXTENSION = "tern";

    /** {@code onnx}. */
    String name();

    /** Extensions in lower case without the dot. */
    Set<String> extensions();

    /**
     * Reads a model. Nothing that a hostile file claims makes this allocate more than the file is long, up to a factor.
     *
     * @param file where it lies
     * @param shownName its name in diagnostics, as the user wrote it
     * @param diagnostics gets everything that is wrong with the file, or that the model asks for and the language lacks
     * @return the model with its {@linkplain AnalyzedModel#numbers() numbers}, or empty if an error was reported
     */
    Optional<AnalyzedModel> open(Path file, String shownName, Diagnostics diagnostics);

    /** The format for a file's extension among those on the class path; none for Tern text. */
    static Optional<ModelFormat> of(Path file) {
        String name = file.getFileName() == null ? "" : file.getFileName().toString().toLowerCase(Locale.ROOT);
        String extension = name.substring(name.lastIndexOf('.') + 1);
        if (extension.equals(OWN_EXTENSION)) {
            // No reader of another tool's files is loaded for our own.
            return Optional.empty();
        }
        return ServiceLoader.load(ModelFormat.class, ModelFormat.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get).filter(f -> f.extensions().contains(extension)).findFirst();
    }
}
