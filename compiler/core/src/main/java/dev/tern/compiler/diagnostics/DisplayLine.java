package dev.tern.compiler.diagnostics;

/**
 * A line of a text as a terminal shows it, and the screen column of each of its characters. Tabs go to the next
 * multiple of four, East Asian wide characters and emoji take two columns, marks that combine none. Control and
 * format characters, which could move the cursor or turn the direction of the text around, show as U+FFFD.
 */
final class DisplayLine {
    private static final int TAB = 4;
    private static final char REPLACEMENT = '\uFFFD';

    private final String text;
    private final int[] columns;

    private DisplayLine(String text, int[] columns) {
        this.text = text;
        this.columns = columns;
    }

    static DisplayLine of(String line) {
        StringBuilder shown = new StringBuilder();
        int[] columns = new int[line.length() + 1];
        int column = 0;
        int i = 0;
        while (i < line.length()) {
            int character = line.codePointAt(i);
            int length = Character.charCount(character);
            columns[i] = column;
            columns[i + length - 1] = column;
            if (character == '\t') {
                int width = TAB - column % TAB;
                shown.repeat(' ', width);
                column += width;
            } else if (isInvisible(character)) {
                shown.append(REPLACEMENT);
                column++;
            } else {
                shown.appendCodePoint(character);
                column += width(character);
            }
            i += length;
        }
        columns[line.length()] = column;
        return new DisplayLine(shown.toString(), columns);
    }

    /** The text with nothing in it that a terminal would obey. */
    String text() {
        return text;
    }

    /** The screen column, from 0, of the character at an index of the line; past the end, the columns after it. */
    int column(int index) {
        int last = columns.length - 1;
        return index <= last ? columns[index] : columns[last] + index - last;
    }

    /** The screen columns of the whole line. */
    int width() {
        return columns[columns.length - 1];
    }

    /** What stands in some columns of the screen; a wide character that is cut in two shows as blanks. */
    String slice(int from, int to) {
        StringBuilder out = new StringBuilder();
        int column = 0;
        int i = 0;
        while (i < text.length() && column < to) {
            int character = text.codePointAt(i);
            int width = width(character);
            if (column >= from && column + width <= to) {
                out.appendCodePoint(character);
            } else if (column + width > from) {
                out.repeat(' ', Math.min(column + width, to) - Math.max(column, from));
            }
            column += width;
            i += Character.charCount(character);
        }
        return out.toString();
    }

    private static boolean isInvisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> false;
        };
    }

    /** Columns of a character, after the East Asian width classes W and F of Unicode's annex 11. */
    private static int width(int character) {
        int type = Character.getType(character);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        boolean wide = character >= 0x1100 && character <= 0x115F || character >= 0x2E80 && character <= 0x303E
                || character >= 0x3041 && character <= 0xA4CF || character >= 0xA960 && character <= 0xA97F
                || character >= 0xAC00 && character <= 0xD7A3 || character >= 0xF900 && character <= 0xFAFF
                || character >= 0xFE30 && character <= 0xFE6F || character >= 0xFF01 && character <= 0xFF60
                || character >= 0xFFE0 && character <= 0xFFE6 || Character.isEmojiPresentation(character)
                || character >= 0x20000 && character <= 0x3FFFD;
        return wide ? 2 : 1;
    }
}
