package dev.tern.compiler.generate;

import dev.tern.compiler.analysis.ModelFormat;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A model in a build's folder of models.
 *
 * @param file Tern text, or a file of a {@link ModelFormat}
 * @param packageName what its folder below that of models names; empty for the folder itself
 */
public record ModelSource(Path file, String packageName) {
    /**
     * The models in a folder and below it, in the order of their paths. Hidden files and folders are left out.
     *
     * @throws CompilationFailedException if the folder cannot be read
     */
    public static List<ModelSource> under(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> Files.isRegularFile(file) && !hidden(folder.relativize(file)))
                    .filter(ModelSource::isModel).sorted()
                    .map(file -> new ModelSource(file, packageOf(folder.relativize(file)))).toList();
        } catch (IOException | UncheckedIOException e) {
            throw new CompilationFailedException(Diagnostic.error(DiagnosticCode.UNREADABLE_FILE,
                    "the folder of models cannot be read", new FilePosition(folder.toString(), -1, ""), ""));
        }
    }

    private static boolean isModel(Path file) {
        return file.getFileName().toString().endsWith("." + ModelFormat.OWN_EXTENSION)
                || ModelFormat.of(file).isPresent();
    }

    private static boolean hidden(Path relative) {
        return parts(relative).anyMatch(part -> part.startsWith("."));
    }

    private static String packageOf(Path relative) {
        return relative.getParent() == null ? "" : parts(relative.getParent()).collect(Collectors.joining("."));
    }

    private static Stream<String> parts(Path path) {
        return StreamSupport.stream(path.spliterator(), false).map(Path::toString);
    }
}
