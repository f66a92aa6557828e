package dev.tern.cli;

import dev.tern.cli.output.WholeFile;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.parameters.ParameterPath;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.graph.Graph;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.dataset.Datasets;
import dev.tern.quantizer.FloatTwin;
import dev.tern.quantizer.TrainedParameters;
import dev.tern.quantizer.Trainer;
import dev.tern.quantizer.TrainingSettings;
import dev.tern.quantizer.dataset.Distortion;
import dev.tern.quantizer.safetensors.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Trains a model's parameters. */
@Command(name = "train", description = {"Trains a classifier of images from a random start, its quantizers in place, on"
        + " a data set in MNIST's layout (train-images-idx3-ubyte and train-labels-idx1-ubyte, with or without"
        + " .gz), and writes its parameters.", "",
    "The same seed on the same machine gives the same file. Progress goes to standard error.", ""}, //
        sortOptions = false, footer = {"", "Example:",
            "  tern train models/digits --data ../shared/data/mnist --epochs 40 --shift 2 --turn 10 --zoom 0.1"})
final class TrainCommand extends ModelCommand {
    @Option(names = "--data", paramLabel = "DIR", required = true, description = "The folder with the data set.")
    private Path data;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = {
        "The safetensors file to write (default: the one that the model names)."})
    private Path output;

    @Option(names = "--float", description = {"Train the same network without quantization; the default file is then"
            + " NAME.float.safetensors."})
    private boolean floating;

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "20", description = {
        "Passes through the data (default: ${DEFAULT-VALUE})."})
    private int epochs;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "100", description = {
        "Images per step (default: ${DEFAULT-VALUE})."})
    private int batch;

    @Option(names = "--rate", paramLabel = "X", defaultValue = "0.003", description = {
        "Highest learning rate; it falls to 0 as a half cosine (default: ${DEFAULT-VALUE})."})
    private float rate;

    @Option(names = "--smoothing", paramLabel = "X", defaultValue = "0", description = {
        "Share of each label that is spread over all classes (default: ${DEFAULT-VALUE})."})
    private float smoothing;

    @Option(names = "--shift", paramLabel = "PIXELS", defaultValue = "0", description = {
        "Move images at random by up to so much (default: ${DEFAULT-VALUE})."})
    private double shift;

    @Option(names = "--turn", paramLabel = "DEGREES", defaultValue = "0", description = {
        "Turn images at random by up to so much (default: ${DEFAULT-VALUE})."})
    private double turn;

    @Option(names = "--zoom", paramLabel = "X", defaultValue = "0", description = {
        "Resize images at random by up to so much, 0.1 for a tenth (default: ${DEFAULT-VALUE})."})
    private double zoom;

    @Option(names = "--held-out", paramLabel = "N", defaultValue = "5000", description = {
        "Images at the end of the data that are measured, not trained on (default: ${DEFAULT-VALUE})."})
    private int heldOut;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = {
        "Where chance begins (default: ${DEFAULT-VALUE})."})
    private long seed;

    @Override
    public Integer call() {
        TrainingSettings settings = settings();
        Path file = file();
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel model = ModelReader.analyze(file, diagnostics);
        warn(diagnostics.list());
        Graph graph = floating ? FloatTwin.of(model.graph()) : model.graph();
        Path target = output == null ? beside(file, model, diagnostics) : output;
        requireWritable(target);
        Dataset images = Datasets.read(data, DatasetRequest.of(DatasetRequest.Part.TRAINING));
        TrainedParameters trained = Trainer.train(graph, settings, images, console().err()::println);
        WholeFile.write(Map.of(target, SafetensorsWriter.bytes(trained.tensors())));
        show(graph, target, trained, diagnostics);
        return ExitCode.DONE;
    }

    private TrainingSettings settings() {
        try {
            return new TrainingSettings(epochs, batch, seed, rate, smoothing, new Distortion(shift, turn, zoom),
                    heldOut);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), e.getMessage(), e);
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

    private void show(Graph graph, Path target, TrainedParameters trained, Diagnostics diagnostics) {
        if (json()) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("model", graph.name());
            result.put("file", target.toString());
            result.put("heldOut", heldOut);
            result.put("heldOutAccuracy", heldOut == 0 ? null : trained.heldOutAccuracy());
            print(result, diagnostics.list());
        } else {
            String accuracy = heldOut == 0
                    ? ""
                    : String.format(Locale.ROOT, "  %.2f%% of %,d images held out", 100 * trained.heldOutAccuracy(),
                            heldOut);
            console().out().println(target + accuracy);
        }
    }
}
