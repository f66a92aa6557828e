package dev.tern.quantizer;

import dev.tern.compiler.diagnostics.CompilationFailedException;
import dev.tern.compiler.diagnostics.Diagnostic;
import dev.tern.compiler.diagnostics.DiagnosticCode;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Tensor;
import dev.tern.importers.dataset.Dataset;
import dev.tern.quantizer.network.Adam;
import dev.tern.quantizer.network.Network;
import dev.tern.quantizer.network.NetworkBuilder;
import dev.tern.quantizer.network.SoftmaxCrossEntropy;
import dev.tern.quantizer.network.TrainedLayer.Mode;
import dev.tern.quantizer.network.TrainedParameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Trains a classifier of images with its quantizers in place: codes forward, straight-through gradients backward
 * (Bengio et al. 2013), Adam on the latent weights.
 */
public final class Trainer {
    /** Steps over which the learning rate rises. */
    static final int WARM_UP_STEPS = 200;

    private final TrainingSettings settings;
    private final Dataset images;
    private final RandomGenerator random;
    private final Network network;
    private final SoftmaxCrossEntropy loss;
    private final int trainingCount;
    private final int[] labels;

    private Trainer(Graph graph, TrainingSettings settings, Dataset images) {
        this.settings = settings;
        this.images = images;
        Node input = graph.definitions().get(graph.inputs().getFirst());
        this.random = new SplittableRandom(settings.seed());
        this.network = NetworkBuilder.build(graph, settings.batch(), settings.seed());
        this.loss = new SoftmaxCrossEntropy(network.scores(), settings.labelSmoothing());
        this.trainingCount = images.count() - settings.heldOut();
        this.labels = new int[settings.batch()];
        check(input);
    }

    /**
     * Trains a model from a random start. Pixels go into the model as 0..1.
     *
     * @param graph a model with one image input and one vector of scores, its parameters not bound
     * @param images of as many elements as the input has, with labels below the number of scores
     * @param progress is told of every epoch
     * @throws CompilationFailedException naming every operation that cannot be trained, or how images and model
     *     disagree
     */
    public static TrainedParameters train(Graph graph, TrainingSettings settings, Dataset images,
            Consumer<EpochReport> progress) {
        return new Trainer(graph, settings, images).train(progress);
    }

    private void check(Node input) {
        if (images.shape().elements() != input.type().shape().elements()) {
            throw disagreement(DiagnosticCode.INPUT_MISSHAPEN,
                    "the images are " + images.shape() + ", the model's input is " + input.type().shape(), input);
        }
        if (!images.labelled()) {
            throw disagreement(DiagnosticCode.LABELS_MISMATCH, "the examples of " + images.name()
                    + " have no labels, the model's output is " + network.output().shape(), input);
        }
        if (images.classes() > network.scores().shape().elements()) {
            throw disagreement(DiagnosticCode.LABELS_MISMATCH, "the images have " + images.classes()
                    + " classes, the model's output is " + network.output().shape(), input);
        }
        if (trainingCount < settings.batch()) {
            throw disagreement(DiagnosticCode.DATA_UNREADABLE, "too few images: a batch of " + settings.batch()
                    + " and " + settings.heldOut() + " held out of " + images.count(), input);
        }
    }

    private static CompilationFailedException disagreement(DiagnosticCode code, String message, Node input) {
        return new CompilationFailedException(Diagnostic.error(code, message, input.origin().position(), "this input"));
    }

    private TrainedParameters train(Consumer<EpochReport> progress) {
        int[] order = new int[trainingCount];
        Arrays.setAll(order, i -> i);
        Adam adam = new Adam(network.parameters());
        long start = System.nanoTime();
        for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
            shuffle(order);
            Tally tally = trainEpoch(order, adam, epoch - 1);
            double seconds = (System.nanoTime() - start) * 1e-9;
            progress.accept(new EpochReport(epoch, settings.epochs(), tally.loss, tally.accuracy, heldOutAccuracy(),
                    seconds / epoch * (settings.epochs() - epoch)));
        }
        measureStatistics();
        return new TrainedParameters(tensors(), heldOutAccuracy());
    }

    private record Tally(double loss, double accuracy) {
    }

    private Tally trainEpoch(int[] order, Adam adam, int epochsDone) {
        int batch = settings.batch();
        int steps = trainingCount / batch;
        double sum = 0;
        int hits = 0;
        for (int step = 0; step < steps; step++) {
            for (int i = 0; i < batch; i++) {
                int image = order[step * batch + i];
                labels[i] = images.label(image);
                settings.distortion().copy(images, image, network.input().value(),
                        i * images.shape().elements(), random);
            }
            network.forward(Mode.TRAINING);
            network.clearGradients();
            sum += loss.evaluate(labels);
            hits += loss.hits(labels, batch);
            network.backward();
            adam.step(rate(epochsDone * steps + step, settings.epochs() * steps));
        }
        return new Tally(sum / steps, (double) hits / (steps * batch));
    }

    private float rate(int step, int steps) {
        double cosine = 0.5 * (1 + Math.cos(Math.PI * (step + 1) / steps));
        double rise = Math.min(1.0, (step + 1.0) / WARM_UP_STEPS);
        return (float) (settings.learningRate() * cosine * rise);
    }

    private void shuffle(int[] order) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
    }

    /** Batch normalization's means and variances for the final weights, over the undistorted training images. */
    private void measureStatistics() {
        network.beginPopulationStatistics();
        for (int first = 0; first + settings.batch() <= trainingCount; first += settings.batch()) {
            load(first, settings.batch());
            network.forward(Mode.TRAINING);
        }
    }

    private double heldOutAccuracy() {
        int hits = 0;
        for (int first = trainingCount; first < images.count(); first += settings.batch()) {
            int count = Math.min(settings.batch(), images.count() - first);
            load(first, count);
            network.forward(Mode.EVALUATION);
            hits += loss.hits(labels, count);
        }
        return settings.heldOut() == 0 ? Double.NaN : (double) hits / settings.heldOut();
    }

    /** Puts consecutive images at the front of the batch. */
    private void load(int first, int count) {
        for (int i = 0; i < count; i++) {
            labels[i] = images.label(first + i);
            images.copy(first + i, network.input().value(), i * images.shape().elements());
        }
    }

    private Map<String, Tensor.Floats> tensors() {
        Map<String, Tensor.Floats> tensors = new LinkedHashMap<>();
        for (TrainedParameter parameter : network.parameters()) {
            tensors.put(parameter.path(),
                    new Tensor.Floats(parameter.signal().shape(), parameter.signal().value().clone()));
        }
        return tensors;
    }
}
