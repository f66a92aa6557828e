package dev.tern.compiler.diagnostics;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is found in one compilation: errors up to a limit after which a file is plainly not worth more, and as
 * many warnings.
 */
public final class Diagnostics {
    /** Errors kept, and warnings kept; what comes later is dropped. */
    public static final int LIMIT = 50;

    private final List<Diagnostic> list = new ArrayList<>();

    public void add(Diagnostic diagnostic) {
        long before = count(diagnostic.severity());
        if (before < LIMIT) {
            boolean last = before == LIMIT - 1 && diagnostic.severity() == Severity.ERROR;
            list.add(last ? diagnostic.help("no more than " + LIMIT + " errors are shown") : diagnostic);
        }
    }

    /** Whether further errors are dropped, so that nobody needs to find words for them. */
    public boolean isFull() {
        return count(Severity.ERROR) >= LIMIT;
    }

    private long count(Severity severity) {
        return list.stream().filter(d -> d.severity() == severity).count();
    }

    public boolean hasErrors() {
        return list.stream().anyMatch(d -> d.severity() == Severity.ERROR);
    }

    public List<Diagnostic> list() {
        return List.copyOf(list);
    }

    /**
     * Ends the compilation if an error was found.
     *
     * @throws CompilationFailedException with all that was found
     */
    public void throwIfErrors() {
        if (hasErrors()) {
            throw new CompilationFailedException(list());
        }
    }
}
