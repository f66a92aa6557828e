package dev.tern.cli;

import dev.tern.cli.input.InputArguments;
import dev.tern.cli.output.VerificationText;
import dev.tern.compiler.HostTarget;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.graph.pass.GraphPasses;
import dev.tern.compiler.kernel.cost.CostModel;
import dev.tern.compiler.kernel.pass.KernelPasses;
import dev.tern.compiler.target.Target;
import dev.tern.compiler.tuning.Machine;
import dev.tern.compiler.tuning.TunedChoice;
import dev.tern.compiler.tuning.TuningFile;
import dev.tern.compiler.verification.ModelInputs;
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
            + " this machine runs, with its definition, bit for bit, and names the first pass after which something"
            + " differs.", "",
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

    @Option(names = "--seed", paramLabel = "NUMBER", description = "Take other random inputs (default: 0).")
    private long seed;

    @Override
    public Integer call() {
        if (!inputs.isEmpty() && seed != 0) {
            throw new ParameterException(commandLine(), "--seed is for random inputs; leave out --input");
        }
        Path file = file();
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(file, diagnostics);
        Graph graph = ModelReader.bindSteps(model, file, diagnostics);
        warn(diagnostics.list());
        Verification verification = Verification.of(graph, inputs(graph), GraphPasses.standard(),
                target -> KernelPasses.standard(choice(file, target)), HostTarget.verifiable());
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", graph.name());
            result.putAll(VerificationText.toJson(verification));
            print(result, diagnostics.list());
        } else {
            VerificationText.print(console(), graph.name(), file, verification);
        }
        return verification.difference().isPresent() ? ExitCode.FAULT : ExitCode.DONE;
    }

    private List<List<Tensor>> inputs(Graph graph) {
        ModelInputs made = new ModelInputs(graph);
        return inputs.isEmpty()
                ? made.random(RANDOM_INPUTS, seed)
                : List.of(made.tensors(InputArguments.read(made.signature(), inputs, resize)));
    }

    /** As the model is compiled here: by its tuning, if it has one. */
    private static CostModel.Choice choice(Path file, Target target) {
        return TuningFile.read(file, new Diagnostics()).<CostModel.Choice>map(
                tuning -> TunedChoice.of(tuning, Machine.current(), target, file, new Diagnostics()))
                .orElse(CostModel.Choice.CHEAPEST);
    }
}
