package dev.tern.compiler.syntax;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/**
 * A text as ANTLR's lexer reads it, one {@code char} at a time, so that its offsets are those of spans. (ANTLR's
 * own streams count code points.)
 *
 * <p>All characters outside of ASCII look the same to the lexer, which has use for none of them but in strings and
 * comments: its tables are for ASCII, and each other character would take it a hundred times as long.
 */
public final class TextStream implements CharStream {
    private static final char OTHER = 0x7f;
    private static final char BYTE_ORDER_MARK = 0xfeff;

    private final String name;
    private final String text;
    private int position;

    public TextStream(String name, String text) {
        this.name = name;
        this.text = text;
    }

    @Override
    public String getText(Interval interval) {
        return text.substring(interval.a, Math.min(interval.b + 1, text.length()));
    }

    @Override
    public void consume() {
        if (position == text.length()) {
            throw new IllegalStateException("past the end of " + name);
        }
        position++;
    }

    @Override
    public int LA(int i) {
        int at = i > 0 ? position + i - 1 : position + i;
        return i == 0 ? 0 : at < 0 || at >= text.length() ? IntStream.EOF : seen(text.charAt(at));
    }

    private static char seen(char character) {
        return character < OTHER ? character : character == BYTE_ORDER_MARK ? ' ' : OTHER;
    }

    @Override
    public int mark() {
        return -1;
    }

    @Override
    public void release(int marker) {
        // The whole text stays in memory: marks hold nothing.
    }

    @Override
    public int index() {
        return position;
    }

    @Override
    public void seek(int index) {
        position = index;
    }

    @Override
    public int size() {
        return text.length();
    }

    @Override
    public String getSourceName() {
        return name;
    }
}
