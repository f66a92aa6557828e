package dev.tern.cli.input;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.FilePosition;
import java.nio.file.Path;

/** Diagnostics about the data given to a model. */
final class InputProblem {
    private InputProblem() {
    }

    /** The file cannot be read as what its name says it is; {@code offset} is -1 where the whole file is meant. */
    static CompilationFailedException unreadable(Path file, long offset, String message) {
        return failure(DiagnosticCode.INPUT_UNREADABLE, message, file, offset, "", null);
    }

    static CompilationFailedException misshapen(Path file, String message, String help) {
        return failure(DiagnosticCode.INPUT_MISSHAPEN, message, file, -1, "", help);
    }

    /** @param help what to do, or null */
    static CompilationFailedException failure(DiagnosticCode code, String message, Path file, long offset, String part,
            String help) {
        Diagnostic diagnostic = Diagnostic.error(code, message, new FilePosition(file.toString(), offset, part), "");
        return new CompilationFailedException(help == null ? diagnostic : diagnostic.help(help));
    }
}
