package dev.tern.cli.output;

import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * Where a command prints and what may be printed there.
 *
 * @param out standard output: results only
 * @param err standard error: diagnostics and progress
 * @param unicode whether block characters can be shown; otherwise ASCII stands in for them
 * @param terminal whether a person is looking at standard output, so that colour helps
 */
public record Console(PrintStream out, PrintStream err, boolean unicode, boolean terminal) {
    /** The process's own streams; the launcher says whether they end at a terminal. */
    public static Console ofProcess() {
        boolean terminal = Boolean.getBoolean("tern.terminal") && System.getenv("NO_COLOR") == null;
        return new Console(System.out, System.err, isUnicode(System.out.charset()), terminal);
    }

    private static boolean isUnicode(Charset charset) {
        return charset.name().startsWith("UTF-");
    }

    /** The text in bold where that can be shown. */
    public String bold(String text) {
        return terminal ? "\033[1m" + text + "\033[0m" : text;
    }
}
