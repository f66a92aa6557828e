package dev.tern.cli;

import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.parameters.InitialParameters;
import dev.tern.compiler.analysis.parameters.ParameterPath;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.output.WholeFile;
import dev.tern.importers.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Makes up a model's parameters. */
@Command(name = "init", description = {
    "Writes random parameters for a model that has none yet, such as training begins with: enough to compile it, to see"
            + " its size and to measure its speed. What it answers means nothing. The same seed gives the same file on"
            + " any machine.", ""}, //
        footer = {"", "Example:", "  tern init models/kws/kws-1bit.tern"})
final class InitCommand extends ModelCommand {
    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = {
        "The safetensors file to write (default: the one that the model names)."})
    private Path output;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = {
        "Where chance begins (default: ${DEFAULT-VALUE})."})
    private long seed;

    @Option(names = "--force", description = "Write over a file that is there.")
    private boolean force;

    @Override
    public Integer call() {
        Path file = file();
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(file, diagnostics);
        warn(diagnostics.list());
        Path target = output == null ? named(file, model, diagnostics) : output;
        byte[] bytes = bytes(model);
        if (!force && Files.exists(target) && !holds(target, bytes)) {
            throw new ParameterException(commandLine(),
                    target + " is there already with other numbers, perhaps trained ones; --force writes over it");
        }
        WholeFile.write(Map.of(target, bytes));
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", model.graph().name());
            result.put("file", target.toString());
            result.put("seed", seed);
            print(result, diagnostics.list());
        } else {
            console().out().println(target + "  random numbers of seed " + seed);
        }
        return ExitCode.DONE;
    }

    /** Whether the command has been there before. */
    private static boolean holds(Path file, byte[] bytes) {
        try {
            OutsideFile there = OutsideFile.of(file);
            return there.size() == bytes.length && Arrays.equals(there.bytes(bytes.length), bytes);
        } catch (IOException e) {
            return false;
        }
    }

    private byte[] bytes(AnalyzedModel model) {
        try {
            return SafetensorsWriter.bytes(new InitialParameters(model.graph(), seed));
        } catch (IOException e) {
            throw new UncheckedIOException("numbers that are in no file", e);
        }
    }

    private Path named(Path file, AnalyzedModel model, Diagnostics diagnostics) {
        AnalyzedModel.ParametersFile named = model.parameters().orElseThrow(() -> new ParameterException(commandLine(),
                "the model names no parameters file: say where they go with --output"));
        if (!named.name().endsWith(".safetensors")) {
            throw new ParameterException(commandLine(), "the model's parameters are in " + named.name()
                    + ", and this command writes safetensors files: say where they go with --output");
        }
        return ParameterPath.target(OutsideFile.folderOf(file), named.name(), named.span(), diagnostics::add)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
    }
}
