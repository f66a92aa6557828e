package dev.tern.cli;

import dev.tern.cli.input.InputArguments;
import dev.tern.cli.output.VerificationText;
import dev.tern.compiler.task.ModelVerification;
import dev.tern.compiler.verification.Verification;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Compares what the compiler makes of a model with what the model means. */
@Command(name = "verify", description = {
    "Compares a model after every pass of the compiler, for every kind of code that"
            + " this JVM runs, with its definition, bit for bit, and names the first pass after which something"
            + " differs. Vector code needs --add-modules jdk.incubator.vector, which the launcher gives.", "",
    "A difference is a fault of the compiler, whatever the model. The definition is computed by plain loops, which take"
            + " seconds where the class takes a millisecond.",
    ""}, //
        footer = {"", "Examples:", "  tern verify models/digits",
            "  tern verify models/digits --input models/digits/samples/seven.png"})
final class VerifyCommand extends ModelCommand {
    private static final int RANDOM_INPUTS = 3;

    @Option(names = "--input", paramLabel = "[NAME=]VALUE", description = {
        "A file, or the number of a step input, as 'tern run' takes it (default: 3 random inputs)."})
    private List<String> inputs = List.of();

    @Option(names = "--resize", description = "Make a picture of another size fit.")
    private boolean resize;

    @Option(names = "--integers", description = {
        "Compare the model as --integers converts it, with the definition of that."})
    private boolean integers;

    @Option(names = "--seed", paramLabel = "NUMBER", description = "Take other random inputs (default: 0).")
    private long seed;

    @Override
    public Integer call() {
        if (!inputs.isEmpty() && seed != 0) {
            throw new ParameterException(commandLine(), "--seed is for random inputs; leave out --input");
        }
        Path file = file();
        ModelVerification written = ModelVerification.of(file);
        ModelVerification model = integers ? written.withIntegers() : written;
        warn(model.warnings());
        Verification verification = inputs.isEmpty()
                ? model.random(RANDOM_INPUTS, seed)
                : model.on(List.<Object[]>of(InputArguments.read(model.signature(), inputs, resize)));
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", model.signature().model());
            result.putAll(VerificationText.toJson(verification));
            print(result, model.warnings());
        } else {
            VerificationText.print(console(), model.signature().model(), file, verification);
        }
        return verification.difference().isPresent() ? ExitCode.FAULT : ExitCode.DONE;
    }
}
