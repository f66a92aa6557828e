package dev.tern.cli;

import dev.tern.cli.output.Console;
import dev.tern.cli.output.ProgramVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command itself: what it is and which subcommands it has. */
@Command(name = "tern", mixinStandardHelpOptions = true, version = "tern " + ProgramVersion.TEXT, //
        description = "Compiles extremely low-bit neural networks to JVM bytecode.", //
        synopsisSubcommandLabel = "COMMAND", //
        subcommands = {RunCommand.class, CheckCommand.class, FormatCommand.class, CompileCommand.class,
            GenerateCommand.class,
            ExplainCommand.class, FootprintCommand.class, VerifyCommand.class, EvalCommand.class, BenchCommand.class,
            TuneCommand.class,
            InitCommand.class, TrainCommand.class, CalibrateCommand.class, QuantizeCommand.class,
            SampleCommand.class, ImportCommand.class, ExportCommand.class, ServeCommand.class, LspCommand.class}, //
        footer = {"", "Example:", "  tern run models/digits --input models/digits/samples/seven.png"})
final class TernCommand implements Runnable {
    private final Console console;

    @Spec
    private CommandSpec spec;

    TernCommand(Console console) {
        this.console = console;
    }

    Console console() {
        return console;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(),
                "a command is missing: run, check, fmt, compile, generate, explain, footprint, verify, eval, bench,"
                        + " tune, init, train, calibrate, quantize, sample, import, export, serve or lsp");
    }
}
