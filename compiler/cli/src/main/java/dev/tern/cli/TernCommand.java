package dev.tern.cli;

import dev.tern.cli.output.Console;
import dev.tern.cli.output.ProgramVersion;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command itself: what it is and which subcommands it has. */
@Command(name = "tern", mixinStandardHelpOptions = true, version = "tern " + ProgramVersion.TEXT, //
        description = "Compiles extremely low-bit neural networks to JVM bytecode.", //
        synopsisSubcommandLabel = "COMMAND", //
        footer = {"", "Example:", "  tern run models/digits --input models/digits/samples/seven.png"})
final class TernCommand implements Runnable {
    /** The commands in the order of the help. */
    private static final List<String> COMMANDS = List.of("run", "check", "fmt", "compile", "generate", "explain",
            "footprint", "verify", "eval", "bench", "tune", "init", "train", "calibrate", "quantize", "sample",
            "import",
            "export", "serve", "lsp");

    private final Console console;

    @Spec
    private CommandSpec spec;

    TernCommand(Console console) {
        this.console = console;
    }

    /** The class of a command, which is loaded here only. */
    private static Class<?> named(String command) {
        return switch (command) {
            case "run" -> RunCommand.class;
            case "check" -> CheckCommand.class;
            case "fmt" -> FormatCommand.class;
            case "compile" -> CompileCommand.class;
            case "generate" -> GenerateCommand.class;
            case "explain" -> ExplainCommand.class;
            case "footprint" -> FootprintCommand.class;
            case "verify" -> VerifyCommand.class;
            case "eval" -> EvalCommand.class;
            case "bench" -> BenchCommand.class;
            case "tune" -> TuneCommand.class;
            case "init" -> InitCommand.class;
            case "train" -> TrainCommand.class;
            case "calibrate" -> CalibrateCommand.class;
            case "quantize" -> QuantizeCommand.class;
            case "sample" -> SampleCommand.class;
            case "import" -> ImportCommand.class;
            case "export" -> ExportCommand.class;
            case "serve" -> ServeCommand.class;
            case "lsp" -> LspCommand.class;
            default -> throw new IllegalArgumentException(command);
        };
    }

    /** The command with the subcommand that is called, or with all: to look at each takes a third of a start. */
    static CommandLine commandLine(Console console, String... arguments) {
        CommandLine line = new CommandLine(new TernCommand(console));
        List<String> called = arguments.length > 0 && COMMANDS.contains(arguments[0])
                ? List.of(arguments[0])
                : COMMANDS;
        called.forEach(command -> line.addSubcommand(named(command)));
        return line;
    }

    Console console() {
        return console;
    }

    @Override
    public void run() {
        int last = COMMANDS.size() - 1;
        throw new ParameterException(spec.commandLine(), "a command is missing: "
                + String.join(", ", COMMANDS.subList(0, last)) + " or " + COMMANDS.get(last));
    }
}
