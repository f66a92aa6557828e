package dev.tern.cli;

import dev.tern.cli.training.ProgressLines;
import dev.tern.cli.training.TrainingOptions;
import dev.tern.compiler.Compilation;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.parameters.ParameterPath;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.output.WholeFile;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import dev.tern.importers.safetensors.SafetensorsWriter;
import dev.tern.quantizer.FloatTwin;
import dev.tern.quantizer.Teacher;
import dev.tern.quantizer.TrainedParameters;
import dev.tern.quantizer.TrainedSource;
import dev.tern.quantizer.Trainer;
import dev.tern.quantizer.TrainingSettings;
import dev.tern.quantizer.diffusion.NoiseTrainer;
import dev.tern.quantizer.training.CheckpointFile;
import dev.tern.quantizer.training.CompiledAgreement;
import dev.tern.quantizer.training.CrossValidation;
import dev.tern.quantizer.training.NoiseTraining;
import dev.tern.quantizer.training.StoredStart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Trains a model's parameters. */
@Command(name = "train", description = {"Trains a model, its quantizers in place, and writes its parameters: a"
        + " classifier on examples with classes, a regression on examples with numbers, an autoencoder on examples with"
        + " neither; a model of values and a step learns to tell the noise in examples, an epoch being 100 batches.",
    "",
    "An imported model starts from its own parameters, any other at random or from a file. The same seed on the same"
            + " machine gives the same file. Progress goes to standard error. After each epoch"
            + " FILE.checkpoint.safetensors is replaced, from which --resume goes on.",
    ""}, //
        sortOptions = false, footer = {"", "Examples:",
            "  tern train models/digits --data ../shared/data/mnist --epochs 40 --shift 2 --turn 10 --zoom 0.1",
            "  tern train mymodel --data table.csv --folds 5 --seeds 5"})
final class TrainCommand extends ModelCommand {
    @Option(names = "--data", paramLabel = "PATH", required = true, description = {
        "The file or folder with the examples."})
    private Path data;

    @Option(names = "--label", paramLabel = "COLUMN", description = {
        "The column of a table that holds the class: its heading, or its number from 1 (from the end: -1). Else one"
                + " called label, class or target, or the last."})
    private String label;

    @Option(names = "--resize", description = "Make pictures of another size fit.")
    private boolean resize;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = {
        "The safetensors file to write (default: the one that the model names)."})
    private Path output;

    @Option(names = "--float", description = {"Train the same network without quantization; the default file is then"
            + " NAME.float.safetensors."})
    private boolean floating;

    @Option(names = "--start", paramLabel = "FILE", description = {
        "Start from these parameters: the model's own, or those of its float twin."})
    private Path start;

    @Option(names = "--resume", description = "Go on with a run that was interrupted.")
    private boolean resume;

    @Option(names = "--teacher", paramLabel = "FILE", description = {
        "Learn from the scores of the float twin with these parameters, too."})
    private Path teacher;

    @Option(names = "--teacher-weight", paramLabel = "X", defaultValue = "0.5", description = {
        "The teacher's share of the loss (default: ${DEFAULT-VALUE})."})
    private float teacherWeight;

    @Option(names = "--temperature", paramLabel = "X", defaultValue = "2", description = {
        "What scores are divided by for the teacher's part (default: ${DEFAULT-VALUE})."})
    private float temperature;

    @Mixin
    private TrainingOptions options;

    @Option(names = "--folds", paramLabel = "K", description = {
        "Write nothing, but train K times, each time without a K-th of the examples, and measure the compiled classes"
                + " on these."})
    private Integer folds;

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "1", description = {
        "Repeat --folds with so many seeds (default: ${DEFAULT-VALUE})."})
    private int seeds;

    @Override
    public Integer call() {
        require(() -> options.settings(Integer.MAX_VALUE));
        if (folds != null && folds < 2 || seeds < 1) {
            throw new ParameterException(commandLine(), "--folds is at least 2, --seeds at least 1");
        }
        Path file = file();
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(file, diagnostics);
        warn(diagnostics.list());
        Graph graph = floating ? FloatTwin.of(model.graph()) : model.graph();
        if (folds != null) {
            return validate(model, file, graph, diagnostics);
        }
        Path target = output == null ? beside(file, model, diagnostics) : output;
        requireWritable(target);
        requireIntended(CheckpointFile.beside(target, ""));
        Dataset examples = examples(graph);
        TrainingSettings settings = require(() -> options.settings(examples.count()));
        if (NoiseTrainer.fits(graph)) {
            return trainOnNoise(graph, examples, settings, target, diagnostics);
        }
        CheckpointFile checkpoint = CheckpointFile.beside(target, String.join("\n", settings.toString(),
                GraphPrinter.print(graph), examples.shape() + " " + examples.count(), start + " " + teacher + " "
                        + teacherWeight + " " + temperature));
        Trainer trainer = require(() -> trainer(model, graph, settings, examples));
        if (resume) {
            trainer.resuming(checkpoint.read());
        }
        TrainedParameters trained = trainer
                .train(new ProgressLines(console(), state -> checkpoint.write(state.get())));
        CompiledAgreement agreement = CompiledAgreement.of(graph, trained.tensors(),
                compiled(model, file, graph, trained.tensors()), trainer.heldOutExamples());
        WholeFile.write(Map.of(target, SafetensorsWriter.bytes(trained.tensors())));
        checkpoint.remove();
        show(graph, target, trained, agreement, diagnostics);
        return ExitCode.DONE;
    }

    private Integer trainOnNoise(Graph graph, Dataset examples, TrainingSettings settings, Path target,
            Diagnostics diagnostics) {
        Map<String, Tensor.Floats> begin = start == null ? Map.of() : StoredStart.all(start);
        Map<String, Tensor.Floats> tensors = require(() -> NoiseTraining.run(graph, examples, settings, begin,
                console().err()::println));
        WholeFile.write(Map.of(target, SafetensorsWriter.bytes(tensors)));
        if (json()) {
            print(Map.of("model", graph.name(), "file", target.toString()), diagnostics.list());
        } else {
            console().out().println(target);
        }
        return ExitCode.DONE;
    }

    private Dataset examples(Graph graph) {
        return Datasets.read(data, DatasetRequest.of(DatasetRequest.Part.TRAINING)
                .fitting(graph.definitions().get(graph.inputs().getFirst()).type().shape()).labelledBy(label)
                .resizing(resize));
    }

    private Trainer trainer(AnalyzedModel model, Graph graph, TrainingSettings settings, Dataset examples) {
        Trainer trainer = Trainer.of(graph, settings, examples);
        if (start != null) {
            trainer.startingFrom(StoredStart.read(graph, start));
        } else {
            model.numbers().ifPresent(numbers -> trainer.startingFrom(StoredStart.of(graph, numbers)));
        }
        if (teacher != null) {
            Graph twin = FloatTwin.of(model.graph());
            trainer.taughtBy(new Teacher(twin, StoredStart.read(twin, teacher), teacherWeight, temperature));
        }
        return trainer;
    }

    private static Compilation compiled(AnalyzedModel model, Path file, Graph graph,
            Map<String, Tensor.Floats> tensors) {
        Graph bound = ModelReader.bind(model.withGraph(graph, "").withNumbers(new TrainedSource(tensors)), file,
                new Diagnostics());
        return Compilation.of(bound, model.layers());
    }

    private Integer validate(AnalyzedModel model, Path file, Graph graph, Diagnostics diagnostics) {
        Dataset examples = examples(graph);
        CrossValidation result = require(() -> CrossValidation.run(graph, seed -> options.settings(seed, 0), examples,
                folds, options.seed(), seeds, tensors -> compiled(model, file, graph, tensors)));
        if (json()) {
            Map<String, Object> entries = new LinkedHashMap<>();
            entries.put("model", graph.name());
            entries.put("examples", result.examples());
            entries.put("folds", result.folds());
            entries.put("correct", result.correct());
            entries.put("accuracy", result.accuracy());
            entries.put("deviation", result.deviation());
            entries.put("different", result.different());
            print(entries, diagnostics.list());
        } else {
            console().out().println(result);
        }
        return ExitCode.DONE;
    }

    /** What is out of range is wrong usage. */
    private <T> T require(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), e.getMessage(), e);
        }
    }

    /** An interrupted run is not thrown away by mistake. */
    private void requireIntended(CheckpointFile checkpoint) {
        if (resume && !checkpoint.exists()) {
            throw new ParameterException(commandLine(), "there is no " + checkpoint.path() + " to go on from");
        }
        if (!resume && checkpoint.exists()) {
            throw new ParameterException(commandLine(), checkpoint.path()
                    + " is there from a run that was interrupted: go on with --resume, or remove it");
        }
    }

    /** The file that the model names; its float twin's has the same name with {@code .float} before the extension. */
    private Path beside(Path file, AnalyzedModel model, Diagnostics diagnostics) {
        AnalyzedModel.ParametersFile named = model.parameters().orElseThrow(() -> new ParameterException(commandLine(),
                "the model names no parameters file: say where they go with --output"));
        Path folder = file.getParent() == null ? Path.of("") : file.getParent();
        String name = floating ? EvalCommand.floatName(named.name()) : named.name();
        return ParameterPath.target(folder, name, named.span(), diagnostics::add)
                .orElseThrow(() -> new CompilationFailedException(diagnostics.list()));
    }

    /** Said before training, not after half an hour of it. */
    private void requireWritable(Path target) {
        Path existing = target.toAbsolutePath().normalize().getParent();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)
                || Files.isDirectory(target)) {
            throw new ParameterException(commandLine(), "cannot write " + target);
        }
    }

    private void show(Graph graph, Path target, TrainedParameters trained, CompiledAgreement agreement,
            Diagnostics diagnostics) {
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", graph.name());
            result.put("file", target.toString());
            result.put("heldOut", agreement.examples());
            result.put("heldOutLoss", finite(trained.heldOut().loss()));
            result.put("heldOutAccuracy", finite(trained.heldOut().accuracy()));
            result.put("different", agreement.different().size());
            print(result, diagnostics.list());
            return;
        }
        console().out().println(target + (agreement.examples() == 0
                ? ""
                : "  held out: " + agreement.examples() + " examples, " + trained.heldOut()));
        if (agreement.examples() > 0) {
            console().out().println(agreement);
        }
    }

    private static Double finite(double number) {
        return Double.isNaN(number) ? null : number;
    }
}
