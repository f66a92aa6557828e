package dev.tern.compiler.diagnostics;

/** Texts from outside as a terminal may show them. */
public final class Printable {
    private Printable() {
    }

    /**
     * The text on one line, with nothing in it that a terminal would obey: characters that control it, or turn its
     * direction around, show as U+FFFD, tabs as spaces.
     */
    public static String of(String text) {
        return DisplayLine.of(text).text();
    }
}
