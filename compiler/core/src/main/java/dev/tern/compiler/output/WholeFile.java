package dev.tern.compiler.output;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes files whole or not at all: beside their place first, then moved there in one step. */
public final class WholeFile {
    private WholeFile() {
    }

    /**
     * Puts bytes into files; folders on the way are made. The new files are all complete before the first takes its
     * place. Where that fails, no file and no folder is left that was not there before.
     *
     * @throws CompilationFailedException if that is not possible
     */
    public static void write(Map<Path, byte[]> files) {
        Map<Path, Path> complete = new LinkedHashMap<>();
        List<Path> made = new ArrayList<>();
        boolean written = false;
        try {
            for (Map.Entry<Path, byte[]> file : files.entrySet()) {
                prepare(file.getKey(), file.getValue(), complete, made);
            }
            for (Map.Entry<Path, Path> file : complete.entrySet()) {
                boolean isNew = !Files.exists(file.getValue());
                try {
                    move(file.getKey(), file.getValue());
                } catch (IOException e) {
                    throw unwritable(file.getValue(), reason(e));
                }
                if (isNew) {
                    made.add(file.getValue());
                }
            }
            written = true;
        } finally {
            complete.keySet().forEach(WholeFile::delete);
            if (!written) {
                made.reversed().forEach(WholeFile::delete);
            }
        }
    }

    private static void prepare(Path file, byte[] bytes, Map<Path, Path> complete,
            List<Path> made) {
        Path target = file.toAbsolutePath().normalize();
        try {
            // Through a symbolic link the file it names is written; the link stays.
            target = Files.isSymbolicLink(target) ? target.toRealPath() : target;
            if (Files.isDirectory(target)) {
                throw unwritable(file, "this is a folder");
            }
            makeFolder(target.getParent(), made);
            Path temporary = target
                    .resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
            complete.put(temporary, target);
            temporary.toFile().deleteOnExit();
            Files.write(temporary, bytes);
        } catch (IOException e) {
            throw unwritable(file, reason(e));
        }
    }

    /** Makes a folder and those above it; notes those that were not there. */
    private static void makeFolder(Path folder, List<Path> made) throws IOException {
        if (folder.getParent() != null && !Files.exists(folder)) {
            makeFolder(folder.getParent(), made);
            Files.createDirectory(folder);
            made.add(folder);
        }
        Files.createDirectories(folder);
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // What cannot be deleted stays behind: a file under its temporary name, a folder with what another put in.
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
