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

/** Writes files whole or not at all: beside their place first, then moved there in one step. */
public final class WholeFile {
    private WholeFile() {
    }

    /**
     * Puts the bytes where {@code file} says; folders on the way are made.
     *
     * @throws CompilationFailedException if that is not possible; the old file, if any, is then as it was
     */
    public static void write(Path file, byte[] bytes) {
        Path target = file.toAbsolutePath().normalize();
        Path temporary = null;
        try {
            // Through a symbolic link the file it names is written; the link stays.
            target = Files.isSymbolicLink(target) ? target.toRealPath() : target;
            Files.createDirectories(target.getParent());
            if (Files.isDirectory(target)) {
                throw unwritable(file, "this is a folder");
            }
            temporary = target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid()
                    + ".tmp");
            Files.write(temporary, bytes);
            move(temporary, target);
        } catch (IOException e) {
            throw unwritable(file, reason(e));
        } finally {
            delete(temporary);
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
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
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
