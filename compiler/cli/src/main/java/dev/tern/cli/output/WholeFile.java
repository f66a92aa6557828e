package dev.tern.cli.output;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes files whole or not at all: beside their place first, then moved there in one step. */
public final class WholeFile {
    private WholeFile() {
    }

    /**
     * Puts bytes into files; folders on the way are made. The new files are all complete before the first takes its
     * place.
     *
     * @throws CompilationFailedException if that is not possible
     */
    public static void write(Map<Path, byte[]> files) {
        Map<Path, Path> complete = new LinkedHashMap<>();
        try {
            for (Map.Entry<Path, byte[]> file : files.entrySet()) {
                prepare(file.getKey(), file.getValue(), complete);
            }
            for (Map.Entry<Path, Path> file : complete.entrySet()) {
                try {
                    move(file.getKey(), file.getValue());
                } catch (IOException e) {
                    throw unwritable(file.getValue(), reason(e));
                }
            }
        } finally {
            complete.keySet().forEach(WholeFile::delete);
        }
    }

    private static void prepare(Path file, byte[] bytes, Map<Path, Path> complete) {
        Path target = file.toAbsolutePath().normalize();
        try {
            // Through a symbolic link the file it names is written; the link stays.
            target = Files.isSymbolicLink(target) ? target.toRealPath() : target;
            if (Files.isDirectory(target)) {
                throw unwritable(file, "this is a folder");
            }
            Files.createDirectories(target.getParent());
            Path temporary = target
                    .resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
            complete.put(temporary, target);
            temporary.toFile().deleteOnExit();
            Files.write(temporary, bytes);
        } catch (IOException e) {
            throw unwritable(file, reason(e));
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // What cannot be deleted stays behind under its temporary name.
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.AccessDeniedException _ -> "access is denied";
            case java.nio.file.FileAlreadyExistsException _ -> "a file stands where a folder is needed";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }

    private static CompilationFailedException unwritable(Path file, String reason) {
        return new CompilationFailedException(Diagnostic.error(DiagnosticCode.OUTPUT_UNWRITABLE,
                "the file cannot be written: " + reason, new FilePosition(file.toString(), -1, ""), ""));
    }
}
