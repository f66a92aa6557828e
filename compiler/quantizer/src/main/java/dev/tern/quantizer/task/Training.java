package dev.tern.quantizer.task;

import dev.tern.compiler.Compilation;
import dev.tern.compiler.ModelReader;
import dev.tern.compiler.analysis.AnalyzedModel;
import dev.tern.compiler.analysis.parameters.ParameterPath;
import dev.tern.compiler.analysis.parameters.TensorSource;
import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.Diagnostics;
import dev.tern.compiler.files.OutsideFile;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.GraphPrinter;
import dev.tern.compiler.graph.Operation;
import dev.tern.compiler.graph.Tensor;
import dev.tern.compiler.output.WholeFile;
import dev.tern.importers.dataset.Contrast;
import dev.tern.importers.dataset.Dataset;
import dev.tern.importers.dataset.DatasetRequest;
import dev.tern.importers.safetensors.SafetensorsWriter;
import dev.tern.quantizer.EpochReport;
import dev.tern.quantizer.FloatTwin;
import dev.tern.quantizer.Teacher;
import dev.tern.quantizer.TrainedParameters;
import dev.tern.quantizer.TrainedSource;
import dev.tern.quantizer.Trainer;
import dev.tern.quantizer.TrainingCheckpoint;
import dev.tern.quantizer.TrainingSettings;
import dev.tern.quantizer.dataset.Copies;
import dev.tern.quantizer.dataset.InputRequest;
import dev.tern.quantizer.diffusion.NoiseSchedule.Deviations;
import dev.tern.quantizer.diffusion.NoiseTrainer;
import dev.tern.quantizer.training.CheckpointFile;
import dev.tern.quantizer.training.CompiledAgreement;
import dev.tern.quantizer.training.CrossValidation;
import dev.tern.quantizer.training.NoiseTraining;
import dev.tern.quantizer.training.PackedWeights;
import dev.tern.quantizer.training.StoredNoise;
import dev.tern.quantizer.training.StoredStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Trains a model with its quantizers in place and writes its parameters: a classifier on examples with classes, a
 * regression on examples with numbers, an autoencoder on examples with neither; a model of values and a step learns to
 * tell the noise in examples. Needs ND4J on the class path ({@code org.nd4j:nd4j-native} with the machine's
 * classifier).
 *
 * <pre>{@code
 * TrainingSettings settings = new TrainingSettings(TrainingSettings.Course.of(30, 10, 1, 8),
 *         TrainingSettings.Descent.adam(0.05f), TrainingSettings.Variation.NONE, TrainingSettings.ALL);
 * Training.Result result = Training.of(model).data(data).settings(settings)
 *         .listener(report -> System.out.println(report)).run();
 * System.out.println(result.file() + " " + result.heldOut());
 * }</pre>
 */
public final class Training {
    private final Path model;
    private ExampleSource data;
    private Optional<ExampleSource> elsewhere = Optional.empty();
    private Optional<String> label = Optional.empty();
    private boolean resize;
    private Contrast contrast = Contrast.NONE;
    private Optional<Path> target = Optional.empty();
    private boolean floating;
    private boolean packed;
    private Optional<Path> start = Optional.empty();
    private boolean resume;
    private Optional<Taught> teacher = Optional.empty();
    private Optional<Deviations> noise = Optional.empty();
    private IntFunction<TrainingSettings> settings;
    private Listener listener = report -> {
    };

    /** A teacher's file and its settings. @param model whose float twin it is */
    private record Taught(Path model, Path file, float weight, float temperature) {
    }

    /** Is told how training stands, on the thread that trains. */
    public interface Listener {
        /** Before it begins: what there is to say of the model. */
        default void warnings(List<Diagnostic> found) {
        }

        /** Before it begins at random: the end of training replaces parameters that are there already. */
        default void replaces(Path parameters) {
        }

        /** Before it begins: so many examples are trained on or held out, and others are among those to test by. */
        default void leavesOut(int copies, int trainedOn) {
        }

        /** Before it begins: classes are numbers other than the outputs that stand for them. */
        default void renumbers(String classes) {
        }

        /** After an epoch. */
        void epoch(EpochReport report);

        /** After a batch. @param done of {@code all} batches of the epoch @param loss the mean of those */
        default void batch(int epoch, int done, int all, double loss) {
        }
    }

    /**
     * What training gave.
     *
     * @param model its name
     * @param file that the parameters were written to
     * @param tensors the parameters by path, latent f32 weights, in the order of the graph
     * @param heldOut how the examples held out are answered; NaN where there are none
     * @param agreement of the compiled class with the network that was trained, on the examples held out, or on all
     *     where there are none
     * @param test the same on the part of the data that is for testing, where it is another than that trained on
     * @param warnings what there is to say of the model
     */
    public record Result(String model, Path file, Map<String, Tensor.Floats> tensors, EpochReport.Score heldOut,
            CompiledAgreement agreement, Optional<CompiledAgreement> test, List<Diagnostic> warnings) {
        public Result {
            warnings = List.copyOf(warnings);
        }
    }

    private Training(Path model) {
        this.model = model;
    }

    /** That of a Tern text, or of a model of another tool, which starts from its own parameters. */
    public static Training of(Path model) {
        return new Training(model);
    }

    /** Trains on the training part of what a file or folder holds. */
    public Training data(Path path) {
        data = new ExampleSource.Stored(path);
        return this;
    }

    /** Trains on examples at hand, with the elements of the model's inputs, one input after the other. */
    public Training data(Dataset examples) {
        data = new ExampleSource.AtHand(examples);
        return this;
    }

    /**
     * Tests by the test part of another file or folder. All of the data is then to learn from, whatever its parts are
     * called, but no example that is among those to test by, a picture as it is or as JPEG has made it.
     */
    public Training testedBy(Path path) {
        elsewhere = Optional.ofNullable(path).map(ExampleSource.Stored::new);
        return this;
    }

    /** Has the class in a column of a table: its heading, or its number from 1 (from the end: -1); null as usual. */
    public Training label(String column) {
        label = Optional.ofNullable(column);
        return this;
    }

    /** Makes pictures of another size fit. */
    public Training resizing(boolean fit) {
        resize = fit;
        return this;
    }

    /**
     * Multiplies the values of f32 inputs, and adds to them.
     *
     * @throws IllegalArgumentException if one is not finite
     */
    public Training changed(float factor, float shift) {
        return changed(Contrast.of(factor, shift));
    }

    /** The same, by the channel. */
    public Training changed(Contrast newContrast) {
        contrast = newContrast;
        return this;
    }

    /** How to train. */
    public Training settings(TrainingSettings how) {
        settings = _ -> how;
        return this;
    }

    /** How to train, by the number of examples. */
    public Training settings(IntFunction<TrainingSettings> how) {
        settings = how;
        return this;
    }

    /** Writes to this safetensors file; without this, or for null, to the one that the model names. */
    public Training to(Path file) {
        target = Optional.ofNullable(file);
        return this;
    }

    /** Trains the same network without quantization; the model's file is then {@code NAME.float.safetensors}. */
    public Training floating(boolean wanted) {
        floating = wanted;
        return this;
    }

    /**
     * Writes weights as packed codes with their scales, all that inference takes: a thirty-second of the size for
     * binary ones. Training that starts from such a file begins at the codes, not at the latent weights behind them.
     */
    public Training packing(boolean wanted) {
        packed = wanted;
        return this;
    }

    /** Starts from the parameters in a file, the model's own or those of its float twin; null for the usual start. */
    public Training startingFrom(Path file) {
        start = Optional.ofNullable(file);
        return this;
    }

    /** Goes on with a run that was interrupted, of the same model, data and settings, to the same bytes. */
    public Training resuming(boolean wanted) {
        resume = wanted;
        return this;
    }

    /**
     * Learns from the scores of the float twin, too, or from its numbers where the model gives numbers.
     *
     * @param file with the twin's parameters
     * @param weight above 0 to 1, its share of the loss
     * @param temperature at least 1, what scores are divided by for its part
     */
    public Training taughtBy(Path file, float weight, float temperature) {
        return taughtBy(model, file, weight, temperature);
    }

    /**
     * Learns from the scores of the float twin of another model, too, of the same input and classes: where the model's
     * own twin is no better teacher, as that of signs, which can but clip, or there is none.
     */
    public Training taughtBy(Path otherModel, Path file, float weight, float temperature) {
        teacher = Optional.of(new Taught(otherModel, file, weight, temperature));
        return this;
    }

    /** Who is told how training stands. */
    public Training listener(Listener told) {
        listener = told;
        return this;
    }

    /** What is trained: the model, its graph without numbers, and the diagnostics of both. */
    private record Opened(AnalyzedModel model, Graph graph, Diagnostics diagnostics) {
    }

    /**
     * Has noise added to the examples of a model of values and a step, whose deviation grows geometrically from the
     * first step to the last. Without this it is that of the parameters started from, and else samples are scaled so
     * that their variance stays as it is (Ho et al. 2020). The file written records it.
     *
     * @param leastToGreatest {@code 0.01..10}
     * @throws IllegalArgumentException if it does not grow, or is not above 0
     */
    public Training noise(String leastToGreatest) {
        noise = Optional.of(Deviations.of(leastToGreatest));
        return this;
    }

    private Opened open() {
        ExampleSource.require(data);
        if (settings == null) {
            throw new IllegalArgumentException("there is nothing said of how to train: say it with settings(...)");
        }
        Diagnostics diagnostics = new Diagnostics();
        AnalyzedModel analyzed = ModelReader.analyze(model, diagnostics);
        listener.warnings(diagnostics.list());
        return new Opened(analyzed, floating ? FloatTwin.of(analyzed.graph()) : analyzed.graph(), diagnostics);
    }

    /**
     * Trains, and writes the parameters; after each epoch a checkpoint beside them, which is removed at the end.
     *
     * @throws CompilationFailedException if the model or the data is wrong, or they do not go together
     * @throws IllegalArgumentException if a setting does not fit, the file cannot be written, or a checkpoint is there
     *         or not there against what was said of {@link #resuming}
     */
    public Result run() {
        Opened opened = open();
        if (noise.isPresent() && !NoiseTrainer.fits(opened.graph)) {
            throw new IllegalArgumentException("noise is added for a model of two inputs, values and a step, and one"
                    + " output like the values: the noise");
        }
        if (packed && opened.graph.nodes().stream().noneMatch(node -> node
                .operation() instanceof Operation.WeightCodes)) {
            throw new IllegalArgumentException("there is nothing to pack: no weights of the model are codes");
        }
        Path file = target.orElseGet(() -> named(opened));
        requireWritable(file);
        requireIntended(CheckpointFile.beside(file, ""));
        Dataset examples = examples(opened.graph);
        examples.renumbered().ifPresent(listener::renumbers);
        TrainingSettings how = settings.apply(examples.count());
        if (start.isEmpty() && opened.model.numbers().isEmpty() && !resume) {
            startAtRandom(how, file);
        }
        return NoiseTrainer.fits(opened.graph)
                ? trainOnNoise(opened, examples, how, file)
                : train(opened, examples, how, file);
    }

    private void startAtRandom(TrainingSettings how, Path file) {
        if (how.course().epochs() == 0) {
            throw new IllegalArgumentException("with 0 epochs nothing is learned, so there must be parameters to start"
                    + " from (startingFrom, or --start)");
        }
        if (Files.exists(file)) {
            listener.replaces(file);
        }
    }

    private CheckpointFile checkpoint(Opened opened, Dataset examples, TrainingSettings how, Path file) {
        return CheckpointFile.beside(file, String.join("\n", how.toString(),
                GraphPrinter.print(opened.graph), examples.shape() + " " + examples.count(),
                contrast + " " + start + " " + teacher, noise.toString()));
    }

    private Result train(Opened opened, Dataset examples, TrainingSettings how, Path file) {
        CheckpointFile checkpoint = checkpoint(opened, examples, how, file);
        Trainer trainer = trainer(opened, how, examples);
        if (resume) {
            trainer.resuming(checkpoint.read());
        }
        TrainedParameters trained = trainer.train(keeping(checkpoint));
        Dataset heldOut = trainer.heldOutExamples();
        return written(opened, trained, Map.of(), heldOut.count() == 0 ? examples : heldOut, test(opened.graph,
                examples),
                file, checkpoint);
    }

    private Result written(Opened opened, TrainedParameters trained, Map<String, String> notes, Dataset heldOut,
            Optional<Dataset> test, Path file, CheckpointFile checkpoint) {
        TensorSource stored = packed
                ? PackedWeights.of(opened.graph, trained.tensors(), notes)
                : new TrainedSource(trained.tensors(), notes);
        Compilation compiled = compiled(opened, stored);
        CompiledAgreement agreement = CompiledAgreement.of(opened.graph, trained.tensors(), compiled, heldOut);
        WholeFile.write(Map.of(file, bytes(stored)));
        checkpoint.remove();
        return new Result(opened.graph.name(), file, trained.tensors(), trained.heldOut(), agreement,
                test.map(data -> CompiledAgreement.of(opened.graph, trained.tensors(), compiled, data)),
                opened.diagnostics.list());
    }

    private static byte[] bytes(TensorSource stored) {
        try {
            return SafetensorsWriter.bytes(stored);
        } catch (IOException e) {
            throw new UncheckedIOException("parameters in memory", e);
        }
    }

    private Result trainOnNoise(Opened opened, Dataset examples, TrainingSettings how, Path file) {
        CheckpointFile checkpoint = checkpoint(opened, examples, how, file);
        Optional<Deviations> deviations = noise.or(() -> start.flatMap(StoredNoise::in));
        NoiseTrainer trainer = NoiseTraining.trainer(opened.graph, examples, how, deviations);
        start.map(StoredStart::all).ifPresent(trainer::startFrom);
        teacher(opened).ifPresent(trainer::taughtBy);
        if (resume) {
            trainer.resuming(checkpoint.read());
        }
        return written(opened, trainer.train(keeping(checkpoint)), StoredNoise.notes(deviations),
                NoiseTraining.noisy(examples, trainer.heldOutSamples()), Optional.empty(), file, checkpoint);
    }

    private Trainer.Progress keeping(CheckpointFile checkpoint) {
        return new Trainer.Progress() {
            @Override
            public void epoch(EpochReport report, Supplier<TrainingCheckpoint> state) {
                listener.epoch(report);
                checkpoint.write(state.get());
            }

            @Override
            public void batch(int epoch, int done, int all, double loss) {
                listener.batch(epoch, done, all, loss);
            }
        };
    }

    /**
     * Measures by cross-validation and writes nothing: trains {@code folds} times, each time without one part of the
     * examples, and has the compiled classes answer these.
     *
     * @param folds at least 2
     * @param firstSeed of {@code seeds} in a row, each with folds of its own
     * @param bySeed how to train; nothing is held out beside the fold
     * @throws CompilationFailedException if the model or the data is wrong, or they do not go together
     * @throws IllegalArgumentException if a setting does not fit
     */
    public CrossValidation validate(int folds, long firstSeed, int seeds, LongFunction<TrainingSettings> bySeed) {
        if (folds < 2 || seeds < 1) {
            throw new IllegalArgumentException("there are at least 2 folds and 1 seed, not " + folds + " and " + seeds);
        }
        settings = _ -> bySeed.apply(firstSeed);
        Opened opened = open();
        return CrossValidation.run(opened.graph, bySeed::apply, examples(opened.graph), folds, firstSeed, seeds,
                tensors -> compiled(opened, new TrainedSource(tensors)));
    }

    private Dataset examples(Graph graph) {
        // Steps of a model that predicts noise are drawn, not read.
        DatasetRequest request = NoiseTrainer.fits(graph)
                ? DatasetRequest.of(DatasetRequest.Part.TRAINING)
                        .fitting(graph.definitions().get(graph.inputs().getFirst()).type().shape())
                : InputRequest.of(graph, DatasetRequest.Part.TRAINING);
        return (elsewhere.isEmpty() ? data.dataset(completed(request)) : withoutCopies(completed(request)))
                .changed(contrast);
    }

    private Dataset withoutCopies(DatasetRequest request) {
        Dataset all = data.all(request);
        Dataset others = elsewhere.orElseThrow().dataset(request.ofPart(DatasetRequest.Part.TEST));
        if (!others.shape().equals(all.shape()) || others.divisor() != all.divisor()) {
            throw new IllegalArgumentException("the examples to test by are " + others.shape()
                    + " and those to learn from " + all.shape() + ", or of other numbers: only alike ones can be told"
                    + " apart");
        }
        Dataset kept = Copies.without(all, others);
        if (kept.count() == 0) {
            throw new IllegalArgumentException("all examples of " + all.name() + " are among those to test by, in "
                    + others.name());
        }
        listener.leavesOut(all.count() - kept.count(), kept.count());
        return kept;
    }

    /** What the model is not trained on, where that is a part of its own. */
    private Optional<Dataset> test(Graph graph, Dataset trainedOn) {
        return elsewhere.orElse(data).test(completed(InputRequest.of(graph, DatasetRequest.Part.TEST)))
                .map(found -> found.changed(contrast)).filter(found -> !found.holdsTheSame(trainedOn));
    }

    private DatasetRequest completed(DatasetRequest request) {
        return request.labelledBy(label.orElse(null)).resizing(resize);
    }

    private Trainer trainer(Opened opened, TrainingSettings how, Dataset examples) {
        Trainer trainer = Trainer.of(opened.graph, how, examples);
        if (start.isPresent()) {
            trainer.startingFrom(StoredStart.read(opened.graph, start.get()));
        } else {
            opened.model.numbers().ifPresent(numbers -> trainer.startingFrom(StoredStart.of(opened.graph, numbers)));
        }
        teacher(opened).ifPresent(trainer::taughtBy);
        return trainer;
    }

    private Optional<Teacher> teacher(Opened opened) {
        return teacher.map(taught -> {
            Graph twin = FloatTwin.of(taught.model.equals(model)
                    ? opened.model.graph()
                    : ModelReader.analyze(taught.model, new Diagnostics()).graph());
            return new Teacher(twin, StoredStart.read(twin, taught.file), taught.weight, taught.temperature);
        });
    }

    private Compilation compiled(Opened opened, TensorSource stored) {
        Graph bound = ModelReader.bind(opened.model.withGraph(opened.graph, "").withNumbers(stored), model,
                new Diagnostics());
        return Compilation.of(bound, opened.model.layers());
    }

    /** An interrupted run is not thrown away by mistake. */
    private void requireIntended(CheckpointFile checkpoint) {
        if (resume && !checkpoint.exists()) {
            throw new IllegalArgumentException("there is no " + checkpoint.path() + " to go on from");
        }
        if (!resume && checkpoint.exists()) {
            throw new IllegalArgumentException(checkpoint.path()
                    + " is there from a run that was interrupted: go on with it (resuming, or --resume), or remove it");
        }
    }

    /** The file that the model names. */
    private Path named(Opened opened) {
        AnalyzedModel.ParametersFile named = opened.model.parameters().orElseThrow(() -> new IllegalArgumentException(
                "the model names no parameters file: say which to write"));
        String name = floating ? FloatTwin.fileName(named.name()) : named.name();
        return ParameterPath.target(OutsideFile.folderOf(model), name, named.span(), opened.diagnostics::add)
                .orElseThrow(() -> new CompilationFailedException(opened.diagnostics.list()));
    }

    /** Said before training, not after half an hour of it. */
    private static void requireWritable(Path file) {
        Path existing = file.toAbsolutePath().normalize().getParent();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)
                || Files.isDirectory(file)) {
            throw new IllegalArgumentException("cannot write " + file);
        }
    }
}
