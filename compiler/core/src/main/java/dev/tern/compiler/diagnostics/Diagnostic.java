package dev.tern.compiler.diagnostics;

import java.util.ArrayList;
import java.util.List;

/**
 * One thing the compiler has to say.
 *
 * @param message what is wrong, in one line with no full stop
 * @param primary where
 * @param secondary other places that matter
 * @param help what to do about it, one line each; may be empty
 */
public record Diagnostic(DiagnosticCode code, Severity severity, String message, Label primary, List<Label> secondary,
        List<String> help) {
    public Diagnostic {
        secondary = List.copyOf(secondary);
        help = List.copyOf(help);
    }

    public static Diagnostic error(DiagnosticCode code, String message, Position position, String label) {
        return new Diagnostic(code, Severity.ERROR, message, new Label(position, label), List.of(), List.of());
    }

    public static Diagnostic warning(DiagnosticCode code, String message, Position position, String label) {
        return new Diagnostic(code, Severity.WARNING, message, new Label(position, label), List.of(), List.of());
    }

    public Diagnostic alsoAt(Position position, String label) {
        List<Label> labels = new ArrayList<>(secondary);
        labels.add(new Label(position, label));
        return new Diagnostic(code, severity, message, primary, labels, help);
    }

    public Diagnostic help(String line) {
        List<String> lines = new ArrayList<>(help);
        lines.add(line);
        return new Diagnostic(code, severity, message, primary, secondary, lines);
    }
}
