package dev.tern.quantizer.diffusion;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Tensor;
import dev.tern.quantizer.EpochReport;
import dev.tern.quantizer.EpochReport.Score;
import dev.tern.quantizer.network.Loss;
import dev.tern.quantizer.network.Network;
import dev.tern.quantizer.network.NetworkBuilder;
import dev.tern.quantizer.network.Optimizer;
import dev.tern.quantizer.network.TrainedLayer.Mode;
import dev.tern.quantizer.network.TrainedParameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Trains a model with two inputs, a noisy sample and its step, to give the noise: the mean square of what it is wrong
 * by, over steps by chance (Ho et al. 2020). Tables of scales by step are learned through their module: together with
 * the weights by the loss, or, where no weights are trained, as what loses least of the activations, each step counting
 * alike. A table that is first suited to activations and then trained with the weights ends worse than a static range:
 * it begins wider than the network needs after training, and stays so.
 */
public final class NoiseTrainer {
    /** Batches of an epoch: samples are few, and every batch has other noise. */
    public static final int BATCHES = 100;
    private static final int WARM_UP = 200;
    private static final float CALIBRATION_RATE = 0.003f;
    /** Of the learning rate: scales that tremble are noise to the weights. */
    private static final float MODULE_SHARE = 0.03f;

    private final Network network;
    private final NoiseSchedule schedule;
    private final float[] samples;
    private final Settings settings;
    private final RandomGenerator random;
    private final float[] targets;

    /**
     * How to train.
     *
     * @param epochs of {@value #BATCHES} batches each
     * @param batch examples of each
     * @param rate the highest learning rate of Adam
     * @param only paths of what is trained; the rest stays as it starts. A module goes by the path of its table
     */
    public record Settings(int epochs, int batch, float rate, long seed, Predicate<String> only) {
    }

    /**
     * Whether a model predicts noise: it has two inputs, values and then a step, and its only output is like the
     * values.
     */
    public static boolean fits(Graph graph) {
        List<Node> inputs = graph.inputs().stream().map(graph.definitions()::get).toList();
        return inputs.size() == 2 && inputs.getFirst().type().element() instanceof ElementType.F32
                && inputs.getLast().type().element() instanceof ElementType.StepIndex && graph.outputs().size() == 1
                && graph.definitions().get(graph.outputs().getFirst().value()).type()
                        .equals(inputs.getFirst().type());
    }

    /**
     * @param graph for which {@link #fits} holds, its parameters not bound
     * @param samples one after the other
     */
    public NoiseTrainer(Graph graph, float[] samples, Settings settings) {
        this.network = NetworkBuilder.buildTemporal(graph, settings.batch(), settings.seed());
        this.schedule = NoiseSchedule.of(((ElementType.StepIndex) graph.definitions().get(graph.inputs().getLast())
                .type().element()).count());
        this.samples = samples;
        this.settings = settings;
        this.random = new SplittableRandom(settings.seed());
        this.targets = new float[network.input().value().length];
    }

    /**
     * Begins with these parameters where it has such; the others begin as ever. Tables of scales begin at the ranges of
     * a model whose activations were {@code static(bits, calibrated)}.
     *
     * @throws IllegalArgumentException if a parameter has another shape here, or there is none that fits
     */
    public void startFrom(Map<String, Tensor.Floats> tensors) {
        network.startTables(path -> Optional.ofNullable(tensors.get(path)).map(Tensor.Floats::values));
        for (TrainedParameter parameter : network.parameters()) {
            Tensor.Floats start = tensors.get(parameter.path());
            if (start != null) {
                if (!start.shape().equals(parameter.signal().shape())) {
                    throw new IllegalArgumentException(parameter.path() + " is " + start.shape()
                            + " in the parameters to start from, and " + parameter.signal().shape() + " in the model");
                }
                System.arraycopy(start.values(), 0, parameter.signal().value(), 0, start.values().length);
            }
        }
    }

    /**
     * Trains.
     *
     * @return the model's parameters by path
     */
    public Map<String, Tensor.Floats> train(Consumer<EpochReport> progress) {
        Optimizer optimizer = new Optimizer(network.parameters(), settings.only(), new Optimizer.Rule.Adam(), 0);
        Optimizer modules = new Optimizer(network.modules(), path -> settings.only().test(tableOf(path)),
                new Optimizer.Rule.Adam(), 0);
        long start = System.nanoTime();
        boolean tablesAlone = tablesAlone();
        network.calibrateSteps(tablesAlone);
        for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
            double loss = 0;
            for (int batch = 0; batch < BATCHES; batch++) {
                loss += step(tablesAlone ? Optional.empty() : Optional.of(optimizer), modules);
            }
            double left = (System.nanoTime() - start) * 1e-9 / epoch * (settings.epochs() - epoch);
            progress.accept(new EpochReport(epoch, settings.epochs(), new Score(loss / BATCHES, Double.NaN), Score.NONE,
                    left));
        }
        // Tables follow from their modules once more.
        network.forward(Mode.EVALUATION);
        Map<String, Tensor.Floats> tensors = new LinkedHashMap<>();
        network.parameters().forEach(parameter -> tensors.put(parameter.path(),
                new Tensor.Floats(parameter.signal().shape(), parameter.signal().value().clone())));
        return tensors;
    }

    /** Whether of all that can be trained nothing but tables is chosen. */
    private boolean tablesAlone() {
        Set<String> tables = network.modules().stream().map(module -> tableOf(module.path()))
                .collect(Collectors.toSet());
        return tables.stream().anyMatch(settings.only()) && network.parameters().stream()
                .map(TrainedParameter::path).noneMatch(path -> settings.only().test(path) && !tables.contains(path));
    }

    /** The path of the table that a module's parameter makes. */
    private static String tableOf(String path) {
        return path.replaceFirst("\\.module\\..*", "");
    }

    /** @param optimizer none where tables alone are trained */
    private double step(Optional<Optimizer> optimizer, Optimizer modules) {
        draw();
        network.forward(Mode.TRAINING);
        network.clearGradients();
        double loss = new Loss.MeanSquare().evaluate(network.output(), targets, 1);
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException("training diverged: the loss is " + loss + "; take a lower learning rate");
        }
        network.backward();
        int all = settings.epochs() * BATCHES;
        double cosine = 0.5 * (1 + Math.cos(Math.PI * (modules.steps() + 1) / all));
        double rise = Math.min(1, (modules.steps() + 1.0) / Math.clamp(all / 10, 1, WARM_UP));
        float rate = (float) (settings.rate() * cosine * rise);
        optimizer.ifPresent(found -> found.step(rate));
        modules.step(optimizer.isPresent() ? MODULE_SHARE * rate : (float) (CALIBRATION_RATE * cosine * rise));
        return loss;
    }

    private void draw() {
        float[] x = network.input().value();
        float[] steps = network.inputs().getLast().value();
        int size = x.length / settings.batch();
        for (int n = 0; n < settings.batch(); n++) {
            int step = random.nextInt(schedule.steps());
            int from = random.nextInt(samples.length / size) * size;
            steps[n] = step;
            for (int i = 0; i < size; i++) {
                float noise = (float) random.nextGaussian();
                targets[n * size + i] = noise;
                x[n * size + i] = schedule.noisy(step, samples[from + i], noise);
            }
        }
    }
}
