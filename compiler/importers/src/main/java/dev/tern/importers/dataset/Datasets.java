package dev.tern.importers.dataset;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/** Reads a data set of whatever format. */
public final class Datasets {
    private Datasets() {
    }

    /**
     * The examples in a file or a folder.
     *
     * @throws CompilationFailedException with DATA_UNREADABLE if no format recognises it, if it is damaged or has no
     *     example, or with the code of an input if an example is none for the model
     */
    public static Dataset read(Path path, DatasetRequest request) {
        List<DatasetFormat> formats = ServiceLoader.load(DatasetFormat.class, Datasets.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get).toList();
        DatasetFormat format = formats.stream().filter(candidate -> candidate.recognises(path)).findFirst()
                .orElseThrow(() -> unknown(path, formats));
        if (!request.inputs().isEmpty() && !path.toString().endsWith(".npz")) {
            throw InputProblem.data(path, "is data for one input, and the model has the inputs "
                    + String.join(", ", request.inputs().keySet()) + ": give an .npz archive with an array [n, ...] for"
                    + " each, and y for what is wanted");
        }
        Dataset dataset = format.read(path, request);
        if (dataset.count() == 0) {
            throw InputProblem.data(path, "has no example");
        }
        return dataset;
    }

    private static boolean isEmptyFolder(Path path) {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        } catch (IOException e) {
            throw InputProblem.data(path, "cannot be read: " + e.getMessage());
        }
    }

    /** What is amiss with an archive, as one that was not loaded to its end has it; empty for other files. */
    private static Optional<String> damage(Path path) {
        if (!path.toString().endsWith(".zip") || !Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try (ZipFile _ = new ZipFile(path.toFile())) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("is no whole zip archive: " + e.getMessage());
        }
    }

    private static CompilationFailedException unknown(Path path, List<DatasetFormat> formats) {
        Optional<String> damage = damage(path);
        if (damage.isPresent()) {
            return InputProblem.data(path, damage.get());
        }
        String what = !Files.exists(path)
                ? "does not exist"
                : isEmptyFolder(path) ? "is an empty folder" : "is no data set of a known kind";
        return InputProblem.failure(DiagnosticCode.DATA_UNREADABLE, InputProblem.name(path) + " " + what, path, -1, "",
                "data may be " + formats.stream().map(DatasetFormat::description).collect(Collectors.joining("; ")));
    }
}
