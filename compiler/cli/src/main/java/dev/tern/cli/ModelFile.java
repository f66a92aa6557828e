package dev.tern.cli;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.foreign.OtherFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the .tern file that a MODEL argument means. */
final class ModelFile {
    private static final String EXTENSION = ".tern";

    private ModelFile() {
    }

    /**
     * The file itself, or in a folder its only .tern file, or of several the one that has the folder's name.
     *
     * @throws CompilationFailedException if there is no such file
     */
    static Path find(Path argument) {
        if (!Files.isDirectory(argument)) {
            if (!Files.exists(argument)) {
                throw missing(argument, "there is no such file or folder",
                        "MODEL is a .tern file or a folder that holds one");
            }
            return argument;
        }
        List<Path> files;
        try (Stream<Path> entries = Files.list(argument)) {
            files = entries.filter(file -> file.getFileName().toString().endsWith(EXTENSION)).sorted().toList();
        } catch (IOException e) {
            throw missing(argument, "the folder cannot be read", "check its permissions");
        }
        if (files.size() == 1) {
            return files.getFirst();
        }
        if (files.isEmpty()) {
            OtherFile.of(argument).ifPresent(other -> {
                throw new CompilationFailedException(other.error(argument.toString()));
            });
            throw missing(argument, "the folder holds no .tern file",
                    "MODEL is a .tern file or a folder that holds one");
        }
        Path folder = argument.toAbsolutePath().normalize().getFileName();
        Path namesake = argument.resolve(folder + EXTENSION);
        if (folder != null && files.contains(namesake)) {
            return namesake;
        }
        throw missing(argument, "the folder holds several .tern files", "name one of them: "
                + files.stream().map(Path::toString).collect(Collectors.joining(", ")));
    }

    private static CompilationFailedException missing(Path path, String message, String help) {
        return new CompilationFailedException(Diagnostic.error(DiagnosticCode.UNREADABLE_FILE, message,
                new FilePosition(path.toString(), -1, ""), "").help(help));
    }
}
