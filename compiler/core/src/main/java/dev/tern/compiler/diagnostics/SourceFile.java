package dev.tern.compiler.diagnostics;

import java.util.Arrays;

/** A text with its name and an index of its lines. Offsets are in {@code char}s, lines and columns from 1. */
public final class SourceFile {
    private final String name;
    private final String text;
    /** Made when a line is asked for: of most long texts none is. Whichever thread makes it, it is the same. */
    private volatile int[] lineStarts;

    /** @param name the name shown in diagnostics, as the user wrote the path */
    public SourceFile(String name, String text) {
        this.name = name;
        this.text = text;
    }

    private int[] lineStarts() {
        int[] known = lineStarts;
        if (known == null) {
            known = lineStartsOf(text);
            lineStarts = known;
        }
        return known;
    }

    private static int[] lineStartsOf(String text) {
        int[] starts = new int[16];
        int count = 1;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                if (count == starts.length) {
                    starts = Arrays.copyOf(starts, count * 2);
                }
                starts[count++] = i + 1;
            }
        }
        return Arrays.copyOf(starts, count);
    }

    public String name() {
        return name;
    }

    public String text() {
        return text;
    }

    public int lineCount() {
        return lineStarts().length;
    }

    /** The line, from 1, that holds the offset. */
    public int lineOf(int offset) {
        int found = Arrays.binarySearch(lineStarts(), offset);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** The column, from 1, of the offset in its line. */
    public int columnOf(int offset) {
        return offset - lineStarts()[lineOf(offset) - 1] + 1;
    }

    /** The text of a line (from 1) without its line break. */
    public String line(int line) {
        int[] starts = lineStarts();
        int start = starts[line - 1];
        int end = line < starts.length ? starts[line] - 1 : text.length();
        return text.substring(start, end).stripTrailing();
    }

    /** The span of the whole file. */
    public SourceSpan span() {
        return new SourceSpan(this, 0, text.length());
    }

    @Override
    public String toString() {
        return name;
    }
}
