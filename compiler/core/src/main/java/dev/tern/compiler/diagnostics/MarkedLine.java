package dev.tern.compiler.diagnostics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A source line with marks under it and what they say, in the manner of rustc: the rightmost mark's words beside it,
 * the words of the others on lines of their own, tied to their marks by bars.
 */
final class MarkedLine {
    /** Columns of a line that are shown; of a longer line, those around the mark. */
    private static final int WINDOW = 140;
    private static final int CONTEXT = WINDOW / 3;

    private MarkedLine() {
    }

    /**
     * A stretch of one line to be marked.
     *
     * @param start index in the line
     * @param end index in the line, after the last character
     * @param text what to say there, or empty
     */
    record Mark(int start, int end, String text, boolean primary) {
    }

    /**
     * The lines below the gutter's bar: the source, then marks and words. A line too long is shown in several parts.
     */
    static List<String> render(String line, List<Mark> marks) {
        DisplayLine shown = DisplayLine.of(line);
        List<String> out = new ArrayList<>();
        List<Placed> left = new ArrayList<>(marks.stream().map(mark -> Placed.of(mark, shown)).toList());
        while (!left.isEmpty()) {
            Placed first = left.stream().filter(Placed::primary).findFirst().orElse(left.getFirst());
            int from = shown.width() <= WINDOW
                    ? 0
                    : Math.clamp(first.start() - CONTEXT, 0, shown.width() - WINDOW);
            int to = shown.width() <= WINDOW ? Integer.MAX_VALUE : from + WINDOW;
            List<Placed> inside = left.stream().filter(mark -> mark == first || mark.start() >= from && mark
                    .start() < to)
                    .toList();
            String before = from > 0 ? "..." : "";
            String after = to < shown.width() ? "..." : "";
            out.add(before + (to == Integer.MAX_VALUE ? shown.text() : shown.slice(from, to)) + after);
            int shift = before.length() - from;
            out.addAll(words(inside.stream().map(mark -> mark.shifted(shift, to)).toList()));
            left.removeAll(inside);
        }
        return out;
    }

    /** A mark in screen columns. */
    private record Placed(int start, int end, String text, boolean primary) {
        static Placed of(Mark mark, DisplayLine line) {
            int start = line.column(mark.start());
            return new Placed(start, Math.max(start + 1, line.column(mark.end())), mark.text(), mark.primary());
        }

        Placed shifted(int shift, int limit) {
            return new Placed(start + shift, Math.max(start + 1, Math.min(end, limit)) + shift, text, primary);
        }
    }

    private static List<String> words(List<Placed> marks) {
        List<Placed> sorted = marks.stream()
                .sorted(Comparator.comparingInt(Placed::start).thenComparing(Placed::primary)).toList();
        StringBuilder row = new StringBuilder();
        sorted.forEach(mark -> fill(row, mark, '-', false));
        sorted.forEach(mark -> fill(row, mark, '^', true));
        Placed last = sorted.getLast();
        boolean beside = sorted.stream().allMatch(mark -> mark == last || mark.end() <= last.start());
        List<Placed> below = new ArrayList<>(
                sorted.stream().filter(mark -> !mark.text().isEmpty() && !(beside && mark == last)).toList());
        List<String> out = new ArrayList<>();
        out.add(beside && !last.text().isEmpty() ? row + " " + last.text() : row.toString());
        if (!below.isEmpty()) {
            out.add(bars(below, 0, ""));
        }
        while (!below.isEmpty()) {
            Placed mark = below.removeLast();
            out.add(bars(below, mark.start(), mark.text()));
        }
        return out;
    }

    private static void fill(StringBuilder row, Placed mark, char sign, boolean primary) {
        if (mark.primary() == primary) {
            pad(row, mark.end());
            for (int i = mark.start(); i < mark.end(); i++) {
                row.setCharAt(i, sign);
            }
        }
    }

    /** A bar under the start of every mark whose words are still to come, then the words of one. */
    private static String bars(List<Placed> marks, int column, String text) {
        StringBuilder row = new StringBuilder();
        for (Placed mark : marks) {
            if (text.isEmpty() || mark.start() < column) {
                pad(row, mark.start() + 1);
                row.setCharAt(mark.start(), '|');
            }
        }
        if (!text.isEmpty()) {
            pad(row, column);
            row.append(text);
        }
        return row.toString();
    }

    private static void pad(StringBuilder row, int length) {
        row.repeat(' ', Math.max(0, length - row.length()));
    }
}
