package dev.tern.compiler.diagnostics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Prints diagnostics with the source line and a caret, in the manner of rustc. */
public final class DiagnosticRenderer {
    private static final int MAX_LINE = 160;

    private DiagnosticRenderer() {
    }

    /** All of them, a blank line between two. */
    public static String render(List<Diagnostic> diagnostics) {
        return String.join("\n", diagnostics.stream().map(DiagnosticRenderer::render).toList());
    }

    /** One diagnostic, several lines, ending with a line break. */
    public static String render(Diagnostic diagnostic) {
        StringBuilder out = new StringBuilder();
        String severity = diagnostic.severity() == Severity.ERROR ? "error" : "warning";
        out.append(severity).append('[').append(diagnostic.code().id()).append("]: ").append(diagnostic.message())
                .append('\n');
        List<Label> labels = new ArrayList<>(List.of(diagnostic.primary()));
        labels.addAll(diagnostic.secondary());
        int gutter = 1;
        for (Label label : labels) {
            if (label.position() instanceof SourceSpan span) {
                gutter = Math.max(gutter, Integer.toString(span.line()).length());
            }
        }
        renderLabels(out, labels, gutter);
        for (String line : diagnostic.help()) {
            out.append(" ".repeat(gutter)).append(" = help: ").append(line).append('\n');
        }
        return out.toString();
    }

    private static void renderLabels(StringBuilder out, List<Label> labels, int gutter) {
        SourceFile shown = null;
        for (int i = 0; i < labels.size(); i++) {
            Label label = labels.get(i);
            String marker = i == 0 ? "^" : "-";
            switch (label.position()) {
                case SourceSpan span -> {
                    String arrow = span.file() == shown ? "::: " : "--> ";
                    if (span.file() != shown || i > 0 && !adjacent(labels.get(i - 1), span)) {
                        out.append(" ".repeat(gutter)).append(arrow).append(span).append('\n');
                    }
                    shown = span.file();
                    excerpt(out, span, label.text(), marker, gutter);
                }
                case FilePosition position -> {
                    out.append(" ".repeat(gutter)).append("--> ").append(position.file());
                    if (position.offset() >= 0) {
                        out.append(" at byte ").append(position.offset());
                    }
                    if (!position.part().isEmpty()) {
                        out.append(", ").append(position.part());
                    }
                    if (!label.text().isEmpty()) {
                        out.append(": ").append(label.text());
                    }
                    out.append('\n');
                }
            }
        }
    }

    private static boolean adjacent(Label previous, SourceSpan span) {
        return previous.position() instanceof SourceSpan before && before.file() == span.file()
                && before.line() == span.line();
    }

    private static void excerpt(StringBuilder out, SourceSpan span, String text, String marker, int gutter) {
        String line = span.file().line(span.line()).replace('\t', ' ');
        int column = span.column() - 1;
        int length = Math.max(1, Math.min(span.end() - span.start(), line.length() - column));
        String shown = line;
        String prefix = "";
        if (line.length() > MAX_LINE) {
            int from = Math.max(0, Math.min(column - MAX_LINE / 3, line.length() - MAX_LINE));
            shown = line.substring(from, Math.min(line.length(), from + MAX_LINE));
            column -= from;
            prefix = from > 0 ? "..." : "";
            length = Math.max(1, Math.min(length, shown.length() - column));
        }
        String blank = " ".repeat(gutter);
        out.append(blank).append(" |\n");
        out.append(String.format("%" + gutter + "d", span.line())).append(" | ").append(prefix).append(shown)
                .append('\n');
        out.append(blank).append(" | ").append(" ".repeat(prefix.length() + Math.max(0, column)))
                .append(marker.repeat(length));
        if (!text.isEmpty()) {
            out.append(' ').append(text);
        }
        out.append('\n');
    }

    /** Orders by place in the text, for printing several together. */
    public static Comparator<Diagnostic> byPosition() {
        return Comparator.comparingInt(d -> d.primary().position() instanceof SourceSpan span ? span.start() : -1);
    }
}
