package dev.tern.cli;

import dev.tern.compiler.files.OutsideFile;
import dev.tern.importers.task.Initialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
        Initialization made = Initialization.of(file(), seed);
        warn(made.warnings());
        Path target = Optional.ofNullable(output).or(made::target).orElseThrow(() -> new ParameterException(
                commandLine(), "the model names no parameters file that ends in .safetensors: say where they go with"
                        + " --output"));
        if (!force && Files.exists(target) && !holds(target, made.numbers())) {
            throw new ParameterException(commandLine(),
                    target + " is there already with other numbers, perhaps trained ones; --force writes over it");
        }
        made.write(target);
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", made.model());
            result.put("file", target.toString());
            result.put("seed", seed);
            print(result, made.warnings());
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
}
