package dev.tern.importers;

import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.files.RefusedFileException;
import java.io.IOException;

/**
 * Says what is wrong with one file, under the codes that fit what the file is for.
 *
 * @param file its name as the user knows it
 * @param unreadable the code where the file cannot be read at all
 * @param malformed the code where its content is wrong
 * @param diagnostics where to say it
 */
public record FileReport(String file, DiagnosticCode unreadable, DiagnosticCode malformed, Diagnostics diagnostics) {
    /** For a file of parameters. */
    public static FileReport parameters(String file, Diagnostics diagnostics) {
        return new FileReport(file, DiagnosticCode.PARAMETERS_UNREADABLE, DiagnosticCode.PARAMETERS_MALFORMED,
                diagnostics);
    }

    /** For a file with a model's input. */
    public static FileReport input(String file, Diagnostics diagnostics) {
        return new FileReport(file, DiagnosticCode.INPUT_UNREADABLE, DiagnosticCode.INPUT_UNREADABLE, diagnostics);
    }

    /** A place in the file. */
    public FilePosition at(long offset, String part) {
        return new FilePosition(file, offset, part);
    }

    /** Says that the disk or the system refused. */
    public void unreadable(IOException e) {
        String what = e instanceof RefusedFileException
                ? e.getMessage()
                : "cannot be read: " + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
        diagnostics.add(Diagnostic.error(unreadable, file + " " + firstLine(what), at(-1, ""), ""));
    }

    /** Says that the content is wrong. */
    public void malformed(String message, FilePosition position, String label, String help) {
        Diagnostic diagnostic = Diagnostic.error(malformed, message, position, label);
        diagnostics.add(help.isEmpty() ? diagnostic : diagnostic.help(help));
    }

    /** Says that the content is wrong. */
    public void malformed(MalformedFileException e) {
        malformed(e.getMessage(), e.position(), e.label(), e.help());
    }

    /** A message of a library or of a file, fit for one line of a terminal: no control characters, not endless. */
    public static String firstLine(String text) {
        int end = text.indexOf('\n');
        String line = end < 0 ? text : text.substring(0, end);
        StringBuilder shown = new StringBuilder();
        line.codePoints().limit(160).forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '\ufffd' : c));
        return line.codePointCount(0, line.length()) > 160 ? shown + "..." : shown.toString();
    }
}
