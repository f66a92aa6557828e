package dev.tern.compiler.syntax;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.Diagnostics;
import java.util.ArrayList;
import java.util.List;

/** What the lexer, the parser and the tree builder find, to be handed on in the order of the text. */
final class SyntaxReport {
    private final List<Diagnostic> found = new ArrayList<>();
    private int count;

    void add(Diagnostic diagnostic) {
        count++;
        if (found.size() <= Diagnostics.LIMIT) {
            found.add(diagnostic);
        }
    }

    /** How many there were so far. */
    int count() {
        return count;
    }

    void handTo(Diagnostics diagnostics) {
        found.sort(DiagnosticRenderer.byPosition());
        found.forEach(diagnostics::add);
    }
}
