package dev.tern.cli;

import dev.tern.cli.output.Console;
import dev.tern.cli.output.DiagnosticText;
import dev.tern.cli.output.JsonText;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticRenderer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What every command about one model has: the model, the form of its results, and where they go. */
abstract class ModelCommand implements Callable<Integer> {
    @ParentCommand
    private TernCommand tern;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A .tern, .onnx or .tflite file, or a folder that holds one.")
    private Path model;

    @Option(names = "--json", description = "Print one JSON object on standard output and nothing else there.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    /** This command, for complaints about its arguments. */
    final CommandLine commandLine() {
        return spec.commandLine();
    }

    /** Results for a person go to its {@code out}; with {@code --json} nothing but {@link #print(Map, List)} does. */
    final Console console() {
        return tern.console();
    }

    final boolean json() {
        return json;
    }

    /** MODEL as it was written. */
    final Path argument() {
        return model;
    }

    /** The .tern file that MODEL means, by the name under which the user knows it. */
    final Path file() {
        return ModelFile.find(model);
    }

    /** Shows what the compiler has to say of a model that it could compile. */
    final void warn(List<Diagnostic> warnings) {
        console().err().print(DiagnosticRenderer.render(warnings));
    }

    /** What a setting is refused with is wrong usage. */
    final <T> T require(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), e.getMessage(), e);
        }
    }

    /** Prints the result of {@code --json}: the command's own entries and the warnings. */
    final void print(Map<String, ?> result, List<Diagnostic> warnings) {
        Map<String, Object> object = new LinkedHashMap<>(result);
        object.put("diagnostics", DiagnosticText.toJson(warnings));
        JsonText.print(console().out(), object);
    }
}
