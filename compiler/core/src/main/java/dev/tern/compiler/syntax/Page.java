package dev.tern.compiler.syntax;

/** The text being printed: knows its column and the indentation of its line. */
final class Page {
    /** Longest line, where it can be helped. */
    static final int WIDTH = 120;
    static final int INDENT = 4;

    private final StringBuilder out = new StringBuilder();
    private int lineStart;
    private int indent;

    /** The column of the next character, from 0. */
    int column() {
        return out.length() - lineStart;
    }

    /** The indentation of the line. */
    int indent() {
        return indent;
    }

    void add(String text) {
        out.append(text);
    }

    void pad(int width) {
        out.repeat(' ', Math.max(0, width));
    }

    /** Ends the line and indents the next one. */
    void line(int columns) {
        while (!out.isEmpty() && out.charAt(out.length() - 1) == ' ') {
            out.setLength(out.length() - 1);
        }
        out.append('\n');
        lineStart = out.length();
        indent = columns;
        out.repeat(' ', columns);
    }

    void blankLine() {
        line(0);
    }

    String text() {
        return out.toString();
    }
}
