package dev.tern.importers.dataset;

import java.nio.file.Path;

/**
 * A kind of files that data sets come in. Found as a service, so a module adds one by a class and a line in
 * {@code META-INF/services}.
 */
public interface DatasetFormat {
    /** How the files look, for somebody whose data was not recognised: {@code a .csv table, one example a line}. */
    String description();

    /** Whether the file or folder looks like one of these; looks at names alone. */
    boolean recognises(Path path);

    /**
     * Reads what was recognised.
     *
     * @throws dev.tern.compiler.diagnostics.CompilationFailedException with DATA_UNREADABLE or an INPUT code, naming
     *     the file and the example
     */
    Dataset read(Path path, DatasetRequest request);
}
