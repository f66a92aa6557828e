package dev.tern.cli;

import dev.tern.cli.output.Console;
import dev.tern.cli.output.ProgramVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    /** The commands by their names, in the order of the help. */
    private static final Map<String, Class<?>> COMMANDS = commands();

    private final Console console;

    @Spec
    private CommandSpec spec;

    TernCommand(Console console) {
        this.console = console;
    }

    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("run", RunCommand.class);
        commands.put("check", CheckCommand.class);
        commands.put("fmt", FormatCommand.class);
        commands.put("compile", CompileCommand.class);
        commands.put("generate", GenerateCommand.class);
        commands.put("explain", ExplainCommand.class);
        commands.put("footprint", FootprintCommand.class);
        commands.put("verify", VerifyCommand.class);
        commands.put("eval", EvalCommand.class);
        commands.put("bench", BenchCommand.class);
        commands.put("tune", TuneCommand.class);
        commands.put("init", InitCommand.class);
        commands.put("train", TrainCommand.class);
        commands.put("calibrate", CalibrateCommand.class);
        commands.put("quantize", QuantizeCommand.class);
        commands.put("sample", SampleCommand.class);
        commands.put("import", ImportCommand.class);
        commands.put("export", ExportCommand.class);
        commands.put("serve", ServeCommand.class);
        commands.put("lsp", LspCommand.class);
        return commands;
    }

    /** The command with the subcommand that is called, or with all: to look at each takes a third of a start. */
    static CommandLine commandLine(Console console, String... arguments) {
        CommandLine line = new CommandLine(new TernCommand(console));
        Class<?> called = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
        if (called != null) {
            line.addSubcommand(called);
        } else {
            COMMANDS.values().forEach(line::addSubcommand);
        }
        return line;
    }

    Console console() {
        return console;
    }

    @Override
    public void run() {
        List<String> names = List.copyOf(COMMANDS.keySet());
        throw new ParameterException(spec.commandLine(), "a command is missing: "
                + String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast());
    }
}
