package dev.tern.compiler.syntax;

/** Text in quotes that are not Tern's, as other languages and word processors have them. */
final class QuotedText {
    private static final String OPENING = "'`‘‚“„«";
    private static final String CLOSING = "'`’‘”“»";

    /** Longest text that is looked for: a quote with no other is no reason to search a file over and over. */
    private static final int LONGEST = 200;

    private QuotedText() {
    }

    /** Where the quoted text ends that begins at an offset, or the offset itself if none does on its line. */
    static int end(String text, int start) {
        int kind = OPENING.indexOf(text.charAt(start));
        if (kind < 0) {
            return start;
        }
        for (int i = start + 1; i < Math.min(text.length(), start + LONGEST) && text.charAt(i) != '\n'; i++) {
            if (text.charAt(i) == CLOSING.charAt(kind)) {
                return i + 1;
            }
        }
        return start;
    }

    static boolean isQuoted(String text) {
        return text.length() > 1 && end(text, 0) == text.length();
    }

    /** The same text in Tern's quotes. */
    static String inQuotes(String text) {
        return Words.shorten(LiteralReader.quote(text.substring(1, text.length() - 1)));
    }
}
