package dev.tern.compiler.diagnostics;

/**
 * A stretch of a text.
 *
 * @param start offset of the first character
 * @param end offset after the last character
 */
public record SourceSpan(SourceFile file, int start, int end) implements Position {
    public SourceSpan {
        if (start < 0 || end < start || end > file.text().length()) {
            throw new IllegalArgumentException("span " + start + ".." + end + " outside " + file);
        }
    }

    /** The smallest span that holds both; both are of one file. */
    public SourceSpan to(SourceSpan other) {
        return new SourceSpan(file, Math.min(start, other.start), Math.max(end, other.end));
    }

    public int line() {
        return file.lineOf(start);
    }

    public int column() {
        return file.columnOf(start);
    }

    public String text() {
        return file.text().substring(start, end);
    }

    @Override
    public String toString() {
        return file + ":" + line() + ":" + column();
    }
}
