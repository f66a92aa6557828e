package dev.tern.importers;

import dev.tern.compiler.diagnostics.FilePosition;

/** A file is not what its format says; carries what a diagnostic needs. For use inside the readers. */
public final class MalformedFileException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient FilePosition position;
    private final String label;
    private final String help;

    /**
     * @param message what is wrong, in one line with no full stop
     * @param position where
     * @param label what stands there, or empty
     * @param help what to do about it, or empty
     */
    public MalformedFileException(String message, FilePosition position, String label, String help) {
        super(message);
        this.position = position;
        this.label = label;
        this.help = help;
    }

    public FilePosition position() {
        return position;
    }

    public String label() {
        return label;
    }

    public String help() {
        return help;
    }
}
