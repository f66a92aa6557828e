package dev.tern.compiler.diagnostics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prints diagnostics with the source lines and carets, in the manner of rustc. Carets mark the primary place, dashes
 * the others; all places in one file are shown in the order of its lines.
 */
public final class DiagnosticRenderer {
    /** Longer texts are cut: a name in a hostile file may have a million letters. */
    private static final int MAX_TEXT = 1000;

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
        out.append(severity).append('[').append(diagnostic.code().id()).append("]: ")
                .append(printable(diagnostic.message())).append('\n');
        List<Label> labels = new ArrayList<>(List.of(diagnostic.primary()));
        labels.addAll(diagnostic.secondary());
        int gutter = labels.stream().mapToInt(DiagnosticRenderer::gutter).max().orElse(1);
        places(out, labels, gutter);
        for (String line : diagnostic.help()) {
            out.append(" ".repeat(gutter)).append(" = help: ").append(printable(line)).append('\n');
        }
        return out.toString();
    }

    /** Orders by place in the text, for printing several together. */
    public static Comparator<Diagnostic> byPosition() {
        return Comparator.comparingInt(d -> d.primary().position() instanceof SourceSpan span ? span.start() : -1);
    }

    private static int gutter(Label label) {
        return label.position() instanceof SourceSpan span
                ? Integer.toString(span.file().lineOf(lastCharacter(span))).length()
                : 1;
    }

    /** The places file by file, the primary one's file first. */
    private static void places(StringBuilder out, List<Label> labels, int gutter) {
        Map<SourceFile, List<Label>> files = new LinkedHashMap<>();
        for (Label label : labels) {
            if (label.position() instanceof SourceSpan span) {
                files.computeIfAbsent(span.file(), file -> new ArrayList<>()).add(label);
            }
        }
        for (Label label : labels) {
            switch (label.position()) {
                case SourceSpan span -> {
                    List<Label> together = files.remove(span.file());
                    if (together != null) {
                        String arrow = label == labels.getFirst() ? "--> " : "::: ";
                        out.append(" ".repeat(gutter)).append(arrow).append(printable(span.toString())).append('\n');
                        excerpt(out, span.file(), marks(together, labels.getFirst()), gutter);
                    }
                }
                case FilePosition position -> place(out, position, label.text(), gutter);
            }
        }
    }

    private static void place(StringBuilder out, FilePosition position, String text, int gutter) {
        out.append(" ".repeat(gutter)).append("--> ").append(printable(position.file()));
        if (position.offset() >= 0) {
            out.append(" at byte ").append(position.offset());
        }
        if (!position.part().isEmpty()) {
            out.append(", ").append(printable(position.part()));
        }
        if (!text.isEmpty()) {
            out.append(": ").append(printable(text));
        }
        out.append('\n');
    }

    /** What to mark on which line. Of a stretch over several lines, the first and the last line are marked. */
    private static Map<Integer, List<MarkedLine.Mark>> marks(List<Label> labels, Label primary) {
        Map<Integer, List<MarkedLine.Mark>> lines = new TreeMap<>();
        for (Label label : labels) {
            SourceSpan span = (SourceSpan) label.position();
            SourceFile file = span.file();
            int first = span.line();
            int last = file.lineOf(lastCharacter(span));
            int start = span.column() - 1;
            boolean caret = label == primary;
            if (first == last) {
                add(lines, first, new MarkedLine.Mark(start, start + span.end() - span.start(), label.text(), caret));
                continue;
            }
            String lastLine = file.line(last);
            int indent = lastLine.length() - lastLine.stripLeading().length();
            add(lines, first, new MarkedLine.Mark(start, file.line(first).length(), "", caret));
            add(lines, last,
                    new MarkedLine.Mark(indent, file.columnOf(lastCharacter(span)), label.text(), caret));
        }
        return lines;
    }

    private static void add(Map<Integer, List<MarkedLine.Mark>> lines, int line, MarkedLine.Mark mark) {
        MarkedLine.Mark safe = new MarkedLine.Mark(mark.start(), mark.end(), printable(mark.text()), mark.primary());
        lines.computeIfAbsent(line, number -> new ArrayList<>()).add(safe);
    }

    private static void excerpt(StringBuilder out, SourceFile file, Map<Integer, List<MarkedLine.Mark>> lines,
            int gutter) {
        String blank = " ".repeat(gutter);
        out.append(blank).append(" |\n");
        int previous = 0;
        for (Map.Entry<Integer, List<MarkedLine.Mark>> entry : lines.entrySet()) {
            int number = entry.getKey();
            if (previous > 0 && number > previous + 1) {
                out.append("...\n");
            }
            String text = file.line(number);
            int width = entry.getValue().stream().mapToInt(MarkedLine.Mark::end).max().orElse(0);
            List<MarkedLine.Mark> marks = width <= text.length()
                    ? entry.getValue()
                    : entry.getValue().stream().map(mark -> within(mark, text.length())).toList();
            String label = String.format("%" + gutter + "d", number);
            for (String row : MarkedLine.render(text, marks)) {
                out.append(label).append(" | ").append(row.stripTrailing()).append('\n');
                label = blank;
            }
            previous = number;
        }
    }

    /** A mark that ends with its line; one past the end of the line keeps a single column there. */
    private static MarkedLine.Mark within(MarkedLine.Mark mark, int length) {
        int start = Math.min(mark.start(), length);
        return new MarkedLine.Mark(start, Math.max(start, Math.min(mark.end(), length)), mark.text(), mark.primary());
    }

    /** The offset of the last character of a span that is not blank, or its start. */
    private static int lastCharacter(SourceSpan span) {
        int last = span.end() - 1;
        while (last > span.start() && Character.isWhitespace(span.file().text().charAt(last))) {
            last--;
        }
        return Math.max(last, span.start());
    }

    private static String printable(String text) {
        return Printable.of(text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "..." : text);
    }
}
