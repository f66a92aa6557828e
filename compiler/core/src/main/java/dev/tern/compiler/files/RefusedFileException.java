package dev.tern.compiler.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** A file is not opened; the message says why, as the end of a sentence that begins with the file's name. */
public final class RefusedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean absent;

    private RefusedFileException(String message, boolean absent) {
        super(message);
        this.absent = absent;
    }

    static RefusedFileException of(String message) {
        return new RefusedFileException(message, false);
    }

    static RefusedFileException of(IOException e) {
        return switch (e) {
            case RefusedFileException refused -> refused;
            case NoSuchFileException _ -> new RefusedFileException("does not exist", true);
            case AccessDeniedException _ -> of("cannot be read: access is denied");
            case FileSystemException system when system.getReason() != null -> of(
                    "cannot be read: " + system.getReason());
            default -> of("cannot be read: " + (e.getMessage() == null
                    ? e.getClass().getSimpleName()
                    : e.getMessage()));
        };
    }

    /** Whether there is no such file, or a link leads nowhere. */
    public boolean absent() {
        return absent;
    }
}
