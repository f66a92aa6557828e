package dev.tern.importers.network;

/**
 * What stands in the way of importing one node. The reader that works at the node catches it and reports it there, with
 * all others.
 */
public final class ImportProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String help;

    public ImportProblemException(String message) {
        this(message, "");
    }

    /** @param help what to do about it, or empty */
    public ImportProblemException(String message, String help) {
        super(message, null, false, false);
        this.help = help;
    }

    public String help() {
        return help;
    }
}
