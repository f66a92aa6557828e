package dev.tern.cli;

import dev.tern.cli.output.Console;
import dev.tern.cli.output.DiagnosticText;
import dev.tern.cli.output.JsonText;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import dev.tern.compiler.diagnostics.FilePosition;
import dev.tern.compiler.diagnostics.Printable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Runs the command line and turns whatever happens into an exit code. */
public final class Main {
    private Main() {
    }

    public static void main(String[] arguments) {
        System.exit(run(Console.ofProcess(), arguments));
    }

    /**
     * Runs one command in this process.
     *
     * @return the exit code: 0 done, 1 the model or data is wrong, 2 wrong usage, 3 a fault of the compiler
     */
    public static int run(Console console, String... arguments) {
        CommandLine commandLine = TernCommand.commandLine(console, arguments);
        commandLine.setOut(new PrintWriter(console.out(), true));
        commandLine.setErr(new PrintWriter(console.err(), true));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpWidth(100);
        commandLine.setColorScheme(CommandLine.Help
                .defaultColorScheme(console.terminal() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        boolean json = List.of(arguments).contains("--json");
        commandLine.setParameterExceptionHandler((problem, _) -> wrongUsage(console, json, problem));
        commandLine.setExecutionExceptionHandler((problem, _, _) -> switch (problem) {
            case CompilationFailedException failed -> wrongModel(console, json, failed);
            case ParameterException usage -> wrongUsage(console, json, usage);
            default -> fault(console, json, problem, arguments);
        });
        int exitCode;
        try {
            exitCode = commandLine.execute(arguments);
        } catch (OutOfMemoryError e) {
            exitCode = wrongModel(console, json, tooLarge(arguments));
        } catch (Error e) {
            exitCode = fault(console, json, e, arguments);
        }
        console.out().flush();
        console.err().flush();
        return exitCode;
    }

    private static int wrongModel(Console console, boolean json, CompilationFailedException failed) {
        console.err().print(DiagnosticRenderer.render(failed.diagnostics()));
        if (json) {
            JsonText.print(console.out(), Map.of("diagnostics", DiagnosticText.toJson(failed.diagnostics())));
        }
        return ExitCode.WRONG_MODEL;
    }

    /** What the model and its data take is not known before they are read; by now it has been let go of again. */
    private static CompilationFailedException tooLarge(String[] arguments) {
        String model = arguments.length > 1 ? arguments[1] : "";
        return new CompilationFailedException(Diagnostic
                .error(DiagnosticCode.MODEL_TOO_LARGE,
                        "the model and its data need more memory than the " + (Runtime.getRuntime().maxMemory() >> 20)
                                + " MiB that this JVM may use",
                        new FilePosition(model, -1, ""), "")
                .help("JAVA_TOOL_OPTIONS=-Xmx8g gives it 8 GiB"));
    }

    private static int wrongUsage(Console console, boolean json, ParameterException problem) {
        CommandLine command = problem.getCommandLine();
        String message = message(problem);
        console.err().println("tern: " + message.lines().map(Printable::of).collect(Collectors.joining("\n")));
        CommandLine.UnmatchedArgumentException.printSuggestions(problem, command.getErr());
        console.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        if (json) {
            JsonText.print(console.out(), Map.of("error", message));
        }
        return ExitCode.WRONG_USAGE;
    }

    /** Picocli's message without words that only a programmer knows. */
    private static String message(ParameterException problem) {
        if (problem instanceof CommandLine.UnmatchedArgumentException unmatched
                && problem.getCommandLine().getParent() == null && !unmatched.isUnknownOption()) {
            return "there is no command '" + unmatched.getUnmatched().getFirst() + "'";
        }
        return problem.getMessage().replaceFirst("is not an? (int|long)$", "is not a whole number")
                .replaceFirst("is not a (double|float)$", "is not a number");
    }

    private static int fault(Console console, boolean json, Throwable problem, String[] arguments) {
        Path file = FaultReport.write(problem, List.of(arguments));
        String line = "tern: this is a fault of the compiler, not of your model ("
                + problem.getClass().getSimpleName() + "); "
                + (file == null ? "its stack trace could not be written" : "its stack trace is in " + file);
        console.err().println(line);
        if (json) {
            JsonText.print(console.out(), Map.of("fault", line));
        }
        return ExitCode.FAULT;
    }
}
