package dev.tern.cli;

/** What the command's exit code means; scripts depend on it. */
final class ExitCode {
    /** The command did what was asked. */
    static final int DONE = 0;
    /** The model or the data is wrong; diagnostics on standard error say how. */
    static final int WRONG_MODEL = 1;
    /** The command was called wrongly. */
    static final int WRONG_USAGE = 2;
    /** The compiler is wrong; a file holds the stack trace. */
    static final int FAULT = 3;

    private ExitCode() {
    }
}
