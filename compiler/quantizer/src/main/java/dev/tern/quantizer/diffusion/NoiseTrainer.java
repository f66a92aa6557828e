package dev.tern.quantizer.diffusion;

import dev.tern.compiler.graph.ElementType;
import dev.tern.compiler.graph.Graph;
import dev.tern.compiler.graph.Node;
import dev.tern.compiler.graph.Tensor;
import dev.tern.quantizer.EpochReport;
import dev.tern.quantizer.EpochReport.Score;
import dev.tern.quantizer.Teacher;
import dev.tern.quantizer.TrainedParameters;
import dev.tern.quantizer.Trainer;
import dev.tern.quantizer.TrainingCheckpoint;
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
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Trains a model with two inputs, a noisy sample and its step, to give the noise: the mean square of what it is wrong
 * by, over steps by chance (Ho et al. 2020). Tables of scales by step are learned through their module: together with
 * the weights by the loss, or, where no weights are trained, as what loses least of the activations, each step counting
 * alike.
 */
public final class NoiseTrainer {
    /** Batches of an epoch: samples are few, and every batch has other noise. */
    public static final int BATCHES = 100;
    private static final int WARM_UP = 200;
    private static final float CALIBRATION_RATE = 0.003f;
    /** Noises that held-out samples are measured with at least, the same after every epoch. */
    private static final int LEAST_MEASURED = 1000;
    private static final long MEASURED_SEED = 2306;
    /** Of the learning rate: scales that tremble are noise to the weights. */
    private static final float MODULE_SHARE = 0.03f;

    private final Network network;
    private final NoiseSchedule schedule;
    private final float[] samples;
    private final Settings settings;
    private final int size;
    private final NoisyBatch heldOut;
    private final Optimizer optimizer;
    private final Optimizer modules;
    private final boolean tablesAlone;
    private Optional<Taught> teacher = Optional.empty();
    private int epochsDone;
    private Score lastTraining = Score.NONE;

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

    /** A teacher's network, and its share of the loss. */
    private record Taught(Network network, float weight) {
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

    /** How many steps the model tells apart. @param graph for which {@link #fits} holds */
    public static int steps(Graph graph) {
        return ((ElementType.StepIndex) graph.definitions().get(graph.inputs().getLast()).type().element()).count();
    }

    /**
     * @param graph for which {@link #fits} holds, its parameters not bound
     * @param samples one after the other
     * @param heldOut samples that are measured after each epoch, with noise at steps spread evenly; may be empty
     * @param schedule of as many steps as the graph's second input has
     */
    public NoiseTrainer(Graph graph, float[] samples, float[] heldOut, NoiseSchedule schedule, Settings settings) {
        this.network = NetworkBuilder.buildTemporal(graph, settings.batch(), settings.seed());
        this.schedule = schedule;
        this.samples = samples;
        this.settings = settings;
        this.size = network.inputSize() - 1;
        this.heldOut = NoisyBatch.spread(schedule, heldOut, size,
                heldOut.length == 0 ? 0 : Math.max(LEAST_MEASURED, heldOut.length / size),
                new SplittableRandom(MEASURED_SEED));
        this.optimizer = new Optimizer(network.parameters(), settings.only(), new Optimizer.Rule.Adam(), 0);
        this.modules = new Optimizer(network.modules(), path -> settings.only().test(tableOf(path)),
                new Optimizer.Rule.Adam(), 0);
        this.tablesAlone = tablesAlone();
    }

    /** What can be trained; a module goes by the path of its table. */
    public List<TrainedParameter> parameters() {
        return network.parameters();
    }

    /** The held-out samples with their noise. */
    public NoisyBatch heldOutSamples() {
        return heldOut;
    }

    /**
     * Learns from the noise that a teacher tells, too: what it cannot tell, and what trembles about it from sample to
     * sample, is left out of the lesson.
     *
     * @throws IllegalArgumentException if it does not predict noise in such samples at as many steps
     */
    public NoiseTrainer taughtBy(Teacher newTeacher) {
        Graph graph = newTeacher.graph();
        if (!fits(graph) || steps(graph) != schedule.steps()) {
            throw new IllegalArgumentException("the teacher does not predict noise at " + schedule.steps() + " steps");
        }
        Network built = NetworkBuilder.build(graph, settings.batch(), 0);
        if (built.inputSize() != network.inputSize()) {
            throw new IllegalArgumentException("the teacher takes " + built.input().shape() + ", and the model "
                    + network.input().shape());
        }
        copy(newTeacher.tensors(), built);
        teacher = Optional.of(new Taught(built, newTeacher.weight()));
        return this;
    }

    /** Goes on where a checkpoint of the same model, samples and settings was made. */
    public NoiseTrainer resuming(TrainingCheckpoint checkpoint) {
        state().forEach((name, values) -> {
            Tensor.Floats kept = checkpoint.tensors().get(name);
            if (kept == null || kept.values().length != values.length) {
                throw new IllegalArgumentException("the checkpoint is of another model: it has no " + name);
            }
            System.arraycopy(kept.values(), 0, values, 0, values.length);
        });
        optimizer.resume(tablesAlone ? 0 : checkpoint.steps());
        modules.resume(checkpoint.steps());
        network.resumeTables();
        epochsDone = checkpoint.epoch();
        return this;
    }

    /** All numbers that move, by name, the arrays themselves. */
    private Map<String, float[]> state() {
        Map<String, float[]> state = new LinkedHashMap<>();
        network.parameters().forEach(p -> state.put("parameter " + p.path(), p.signal().value()));
        network.modules().forEach(p -> state.put("module " + p.path(), p.signal().value()));
        state.putAll(optimizer.state());
        state.putAll(modules.state());
        state.putAll(network.tableState());
        return state;
    }

    private TrainingCheckpoint checkpoint() {
        Map<String, Tensor.Floats> tensors = new LinkedHashMap<>();
        state().forEach((name, values) -> tensors.put(name, Tensor.of(values.clone())));
        return new TrainingCheckpoint(epochsDone, modules.steps(), tensors);
    }

    /**
     * Begins with these parameters where it has such; the others begin as ever. Tables of scales begin at the ranges of
     * a model whose activations were {@code static(bits, calibrated)}.
     *
     * @throws IllegalArgumentException if a parameter has another shape here, or there is none that fits
     */
    public void startFrom(Map<String, Tensor.Floats> tensors) {
        network.startTables(path -> Optional.ofNullable(tensors.get(path)).map(Tensor.Floats::values));
        copy(tensors, network);
    }

    private static void copy(Map<String, Tensor.Floats> tensors, Network into) {
        for (TrainedParameter parameter : into.parameters()) {
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

    /** Trains the epochs that are left. */
    public TrainedParameters train(Trainer.Progress progress) {
        long start = System.nanoTime();
        int before = epochsDone;
        network.calibrateSteps(tablesAlone);
        while (epochsDone < settings.epochs()) {
            // By the epoch, so that a run that was interrupted goes on with what would have come.
            RandomGenerator random = new SplittableRandom(settings.seed() * 0x9e3779b97f4a7c15L + epochsDone);
            double loss = 0;
            for (int batch = 1; batch <= BATCHES; batch++) {
                loss += step(NoisyBatch.draw(schedule, samples, size, settings.batch(), random));
                progress.batch(epochsDone + 1, batch, BATCHES, loss / batch);
            }
            epochsDone++;
            lastTraining = new Score(loss / BATCHES, Double.NaN);
            double seconds = (System.nanoTime() - start) * 1e-9;
            progress.epoch(new EpochReport(epochsDone, settings.epochs(), lastTraining, heldOut(),
                    seconds / (epochsDone - before) * (settings.epochs() - epochsDone)), this::checkpoint);
        }
        // Tables follow from their modules once more.
        network.forward(Mode.EVALUATION);
        Map<String, Tensor.Floats> tensors = new LinkedHashMap<>();
        network.parameters().forEach(parameter -> tensors.put(parameter.path(),
                new Tensor.Floats(parameter.signal().shape(), parameter.signal().value().clone())));
        return new TrainedParameters(tensors, heldOut());
    }

    private Score heldOut() {
        int count = heldOut.noise().length / size;
        double sum = 0;
        for (int first = 0; first < count; first += settings.batch()) {
            int here = Math.min(settings.batch(), count - first);
            NoisyBatch part = heldOut.part(first, here, size);
            network.load(part.rows(), here);
            network.forward(Mode.EVALUATION);
            sum += here * new Loss.MeanSquare().of(network.output(), part.noise(), here);
        }
        return count == 0 ? Score.NONE : new Score(sum / count, Double.NaN);
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

    private double step(NoisyBatch batch) {
        network.load(batch.rows(), settings.batch());
        network.forward(Mode.TRAINING);
        network.clearGradients();
        double loss = loss(batch);
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException("training diverged: the loss is " + loss + "; take a lower learning rate");
        }
        network.backward();
        int all = settings.epochs() * BATCHES;
        double cosine = 0.5 * (1 + Math.cos(Math.PI * (modules.steps() + 1) / all));
        double rise = Math.min(1, (modules.steps() + 1.0) / Math.clamp(all / 10, 1, WARM_UP));
        float rate = (float) (settings.rate() * cosine * rise);
        if (!tablesAlone) {
            optimizer.step(rate);
        }
        modules.step(tablesAlone ? (float) (CALIBRATION_RATE * cosine * rise) : MODULE_SHARE * rate);
        return loss;
    }

    private double loss(NoisyBatch batch) {
        Loss.MeanSquare square = new Loss.MeanSquare();
        double loss = square.evaluate(network.output(), batch.noise(), 1 - teacher.map(Taught::weight).orElse(0f));
        if (teacher.isPresent()) {
            Network teaching = teacher.get().network;
            teaching.load(batch.rows(), settings.batch());
            teaching.forward(Mode.EVALUATION);
            loss += square.evaluate(network.output(), teaching.output().value(), teacher.get().weight);
        }
        return loss;
    }
}
