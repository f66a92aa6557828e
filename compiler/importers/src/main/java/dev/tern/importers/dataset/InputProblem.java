package dev.tern.importers.dataset;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import java.nio.file.Path;

/** Diagnostics about the data given to a model. */
public final class InputProblem {
    private InputProblem() {
    }

    /** The file cannot be read as what its name says it is; {@code offset} is -1 where the whole file is meant. */
    public static CompilationFailedException unreadable(Path file, long offset, String message) {
        return failure(DiagnosticCode.INPUT_UNREADABLE, message, file, offset, "", null);
    }

    /** The file is well but does not fit the model. */
    public static CompilationFailedException misshapen(Path file, String message, String help) {
        return failure(DiagnosticCode.INPUT_MISSHAPEN, message, file, -1, "", help);
    }

    /** Any problem of a file. @param help what to do, or null */
    public static CompilationFailedException failure(DiagnosticCode code, String message, Path file, long offset,
            String part,
            String help) {
        Diagnostic diagnostic = Diagnostic.error(code, message, new FilePosition(file.toString(), offset, part), "");
        return new CompilationFailedException(help == null ? diagnostic : diagnostic.help(help));
    }

    /** A data set that cannot be read; {@code what} ends a sentence that begins with the file's name. */
    public static CompilationFailedException data(Path file, String what) {
        return failure(DiagnosticCode.DATA_UNREADABLE, name(file) + " " + what, file, -1, "", null);
    }

    /** The last part of a path, or all of it where it has no parts. */
    static String name(Path path) {
        return (path.getFileName() == null ? path : path.getFileName()).toString();
    }
}
