package dev.tern.quantizer;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.dataset.Dataset;
import dev.tern.quantizer.dataset.Distortion;
import dev.tern.quantizer.EpochReport.Score;
import dev.tern.quantizer.network.Loss;
import dev.tern.quantizer.network.Network;
import dev.tern.quantizer.network.NetworkBuilder;
import dev.tern.quantizer.network.Optimizer;
import dev.tern.quantizer.network.Signal;
import dev.tern.quantizer.network.TrainedLayer.Mode;
import dev.tern.quantizer.network.TrainedParameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Trains a model with its quantizers in place: codes forward, straight-through gradients backward (Bengio et al. 2013)
 * to latent weights. Examples with classes train a classifier by cross-entropy, examples with numbers a regression, and
 * examples with neither an autoencoder, both by the mean square.
 */
public final class Trainer {
    /** Steps over which the learning rate rises, or a tenth of all steps if that is less. */
    static final int WARM_UP_STEPS = 200;

    private final TrainingSettings settings;
    private final Network network;
    private final Examples examples;
    private final Loss loss;
    private final Optimizer optimizer;
    private final ChosenPaths chosen;
    private Optional<Teacher> teacher = Optional.empty();
    private int epochsDone;
    private Score lastTraining = Score.NONE;

    /** Is told how training stands. */
    public interface Progress {
        /** After an epoch. @param state what training can go on from */
        void epoch(EpochReport report, Supplier<TrainingCheckpoint> state);

        /** After a batch. @param done of {@code all} batches of the epoch */
        default void batch(int epoch, int done, int all, double loss) {
        }
    }

    private Trainer(Graph graph, TrainingSettings settings, Dataset data) {
        this.settings = settings;
        this.network = NetworkBuilder.build(graph, settings.course().batch(), settings.course().seed());
        this.examples = new Examples(graph, network.scores(), data, settings.course());
        this.loss = examples.loss();
        if (graph.inputs().size() > 1 && !settings.variation().distortion().equals(Distortion.NONE)) {
            throw new IllegalArgumentException("pictures of one input are distorted, and the model has several inputs");
        }
        this.chosen = new ChosenPaths(settings.only());
        this.optimizer = new Optimizer(network.parameters(), chosen, settings.descent().rule(),
                settings.descent().weightDecay());
        network.freeze(chosen.negate());
        network.signGradient(settings.descent().signGradient());
    }

    /**
     * A trainer that starts a model at random. Pixels go into f32 inputs as 0..1.
     *
     * @param graph a model, its parameters not bound; its first output is trained
     * @param data with the elements of its inputs, one input after the other, and targets that the output can give
     * @throws CompilationFailedException naming every operation that cannot be trained, or how data and model disagree
     * @throws IllegalArgumentException if a path of {@link TrainingSettings#only()} is that of no parameter
     */
    public static Trainer of(Graph graph, TrainingSettings settings, Dataset data) {
        Trainer trainer = new Trainer(graph, settings, data);
        trainer.chosen.requireFrom(trainer.network.parameters());
        return trainer;
    }

    /** {@link #of} and {@link #train(Progress)} in one. */
    public static TrainedParameters train(Graph graph, TrainingSettings settings, Dataset data,
            Consumer<EpochReport> progress) {
        return of(graph, settings, data).train((report, state) -> progress.accept(report));
    }

    /** Starts from these parameters, by path, where there are any of the right shape. */
    public Trainer startingFrom(Map<String, Tensor.Floats> tensors) {
        copy(tensors, "", network);
        return this;
    }

    /** Learns from a teacher's scores or numbers beside the examples' own. */
    public Trainer taughtBy(Teacher newTeacher) {
        teacher = Optional.of(newTeacher);
        return this;
    }

    /** Goes on where a checkpoint of the same model, data and settings was made. */
    public Trainer resuming(TrainingCheckpoint checkpoint) {
        copy(checkpoint.tensors(), "parameter ", network);
        optimizer.state().forEach((name, values) -> {
            Tensor.Floats kept = checkpoint.tensors().get(name);
            if (kept == null || kept.values().length != values.length) {
                throw new IllegalArgumentException("the checkpoint is of another model: it has no " + name);
            }
            System.arraycopy(kept.values(), 0, values, 0, values.length);
        });
        optimizer.resume(checkpoint.steps());
        epochsDone = checkpoint.epoch();
        return this;
    }

    private static void copy(Map<String, Tensor.Floats> tensors, String prefix, Network network) {
        for (TrainedParameter parameter : network.parameters()) {
            Tensor.Floats start = tensors.get(prefix + parameter.path());
            if (start != null && start.shape().equals(parameter.signal().shape())) {
                System.arraycopy(start.values(), 0, parameter.signal().value(), 0, start.values().length);
            }
        }
    }

    /** The examples that are not trained on. */
    public Dataset heldOutExamples() {
        return examples.heldOutExamples();
    }

    /** Trains the epochs that are left. */
    public TrainedParameters train(Progress progress) {
        TrainingSettings.Course course = settings.course();
        long start = System.nanoTime();
        int before = epochsDone;
        try (Batches batches = new Batches(examples, settings, teacher.map(this::network))) {
            for (; epochsDone < course.epochs(); progressed(progress, start, before)) {
                network.quantize(quantized(epochsDone));
                lastTraining = train(batches, progress);
                epochsDone++;
            }
        }
        network.quantize(1);
        measureStatistics();
        return new TrainedParameters(tensors(), heldOut());
    }

    private void progressed(Progress progress, long start, int before) {
        double seconds = (System.nanoTime() - start) * 1e-9;
        double left = seconds / (epochsDone - before) * (settings.course().epochs() - epochsDone);
        progress.epoch(new EpochReport(epochsDone, settings.course().epochs(), lastTraining, heldOut(), left),
                this::checkpoint);
    }

    private Network network(Teacher wanted) {
        Network built = NetworkBuilder.build(wanted.graph(), settings.course().batch(), 0);
        if (built.scores().shape().elements() != examples.outputSize()
                || built.inputSize() != examples.inputSize()) {
            throw new IllegalArgumentException("the teacher has other inputs or scores than the model");
        }
        copy(wanted.tensors(), "", built);
        return built;
    }

    /** The share of the quantizers that are on in an epoch. */
    private double quantized(int epoch) {
        TrainingSettings.Course course = settings.course();
        int since = epoch - course.floatEpochs();
        return since < 0 ? 0 : Math.min(1, (since + 1.0) / (course.stepEpochs() + 1));
    }

    private Score train(Batches batches, Progress progress) {
        int steps = batches.perEpoch();
        int batch = settings.course().batch();
        Signal scores = network.scores();
        double[] sum = new double[1];
        int[] hits = new int[1];
        int[] done = new int[1];
        batches.epoch(epochsDone, each -> {
            network.load(each.inputs(), batch);
            network.forward(Mode.TRAINING);
            network.clearGradients();
            float taught = teacher.map(Teacher::weight).orElse(0f);
            double here = loss.evaluate(scores, each.targets(), 1 - taught);
            if (teacher.isPresent()) {
                here += loss.evaluate(scores, each.scores(), teacher.get().temperature(), taught);
            }
            requireFinite(here);
            sum[0] += here;
            hits[0] += hits(each.targets(), batch);
            network.backward();
            optimizer.step(rate(optimizer.steps(), settings.course().epochs() * steps));
            progress.batch(epochsDone + 1, ++done[0], steps, sum[0] / done[0]);
        });
        return new Score(sum[0] / steps, examples.labelled() ? (double) hits[0] / (steps * batch) : Double.NaN);
    }

    private void requireFinite(double here) {
        if (!Double.isFinite(here)) {
            throw new IllegalStateException("training diverged in epoch " + (epochsDone + 1) + ": the loss is " + here
                    + "; take a lower learning rate");
        }
    }

    /** How many of the first {@code count} examples score highest where their target is highest. */
    private int hits(float[] targets, int count) {
        Signal scores = network.scores();
        int size = examples.outputSize();
        int hits = 0;
        for (int n = 0; n < count; n++) {
            hits += Loss.first(scores.value(), n * size, size) == Loss.first(targets, n * size, size) ? 1 : 0;
        }
        return hits;
    }

    private float rate(int step, int steps) {
        double cosine = 0.5 * (1 + Math.cos(Math.PI * (step + 1) / steps));
        double rise = Math.min(1.0, (step + 1.0) / Math.clamp(steps / 10, 1, WARM_UP_STEPS));
        return (float) (settings.descent().learningRate() * cosine * rise);
    }

    /**
     * Batch normalization's means and variances for the final weights, over batches as they were trained on: mixed by
     * chance, since examples often come class by class and a batch of one class is normalized to something else, and
     * varied, since weights and thresholds have settled for the statistics of varied examples.
     */
    private void measureStatistics() {
        network.beginPopulationStatistics();
        try (Batches batches = new Batches(examples, settings, Optional.empty())) {
            batches.epoch(epochsDone, each -> {
                network.load(each.inputs(), settings.course().batch());
                network.forward(Mode.TRAINING);
            });
        }
    }

    private Score heldOut() {
        int batch = settings.course().batch();
        int[] held = examples.heldOut();
        float[] targets = new float[batch * examples.outputSize()];
        double sum = 0;
        int hits = 0;
        for (int first = 0; first < held.length; first += batch) {
            int count = Math.min(batch, held.length - first);
            load(held, first, count, targets);
            network.forward(Mode.EVALUATION);
            sum += loss.of(network.scores(), targets, count) * count;
            hits += hits(targets, count);
        }
        return held.length == 0
                ? Score.NONE
                : new Score(sum / held.length, examples.labelled() ? (double) hits / held.length : Double.NaN);
    }

    /** Puts consecutive ones of these at the front of the batch. */
    private void load(int[] chosenExamples, int first, int count, float[] targets) {
        float[] rows = new float[count * examples.inputSize()];
        for (int i = 0; i < count; i++) {
            examples.input(chosenExamples[first + i], rows, i * examples.inputSize());
            examples.target(chosenExamples[first + i], 0, targets, i * examples.outputSize());
        }
        network.load(rows, count);
    }

    private Map<String, Tensor.Floats> tensors() {
        Map<String, Tensor.Floats> tensors = new LinkedHashMap<>();
        for (TrainedParameter parameter : network.parameters()) {
            tensors.put(parameter.path(),
                    new Tensor.Floats(parameter.signal().shape(), parameter.signal().value().clone()));
        }
        return tensors;
    }

    private TrainingCheckpoint checkpoint() {
        Map<String, Tensor.Floats> tensors = new LinkedHashMap<>();
        tensors().forEach((path, tensor) -> tensors.put("parameter " + path, tensor));
        optimizer.state().forEach((name, values) -> tensors.put(name, Tensor.of(values.clone())));
        return new TrainingCheckpoint(epochsDone, optimizer.steps(), tensors);
    }
}
