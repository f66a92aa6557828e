package dev.tern.compiler.diagnostics;

import java.util.List;

/** The model or its data is wrong; the message is the rendered diagnostics. */
public final class CompilationFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Diagnostic> diagnostics;

    public CompilationFailedException(List<Diagnostic> diagnostics) {
        super(DiagnosticRenderer.render(diagnostics));
        this.diagnostics = List.copyOf(diagnostics);
    }

    public CompilationFailedException(Diagnostic diagnostic) {
        this(List.of(diagnostic));
    }

    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }
}
