package dev.tern.quantizer.network;

import dev.tern.quantizer.network.TrainedLayer.Mode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A differentiable network for batches of one size: layers in order, and the signals between them. */
public final class Network {
    private final List<Signal> inputs;
    private final Signal output;
    private final Signal scores;
    private final List<TrainedLayer> layers;
    private final List<Signal> signals;
    private final List<TrainedParameter> parameters;
    private final List<TrainedParameter> modules;
    private final List<RunningStatistics> statistics;

    Network(List<Signal> inputs, Signal output, Signal scores, List<TrainedLayer> layers, List<Signal> signals,
            List<TrainedParameter> parameters, List<TrainedParameter> modules,
            List<RunningStatistics> statistics) {
        this.inputs = List.copyOf(inputs);
        this.output = output;
        this.scores = scores;
        this.layers = List.copyOf(layers);
        this.signals = List.copyOf(signals);
        this.parameters = List.copyOf(parameters);
        this.modules = List.copyOf(modules);
        this.statistics = List.copyOf(statistics);
    }

    /**
     * Where a batch is written: reals, codes as numbers, steps as numbers 0 and up; in the order of the model's
     * signature.
     */
    public List<Signal> inputs() {
        return inputs;
    }

    /** The only input, or the first. */
    public Signal input() {
        return inputs.getFirst();
    }

    /** The first output of the batch. */
    public Signal output() {
        return output;
    }

    /** The first output before the softmax or argmax that it ends with, if it ends with one. */
    public Signal scores() {
        return scores;
    }

    /** All parameters of the model, in the order of the graph. */
    public List<TrainedParameter> parameters() {
        return parameters;
    }

    /** What is trained in the place of parameters that follow from it, and no part of the model. */
    public List<TrainedParameter> modules() {
        return modules;
    }

    /** The elements of all inputs of an example. */
    public int inputSize() {
        return inputs.stream().mapToInt(input -> input.size).sum();
    }

    /**
     * Writes examples to the inputs, from the first of the batch on.
     *
     * @param rows the elements of all inputs one after the other, example by example
     */
    public void load(float[] rows, int count) {
        int size = inputSize();
        int offset = 0;
        for (Signal input : inputs) {
            for (int example = 0; example < count; example++) {
                System.arraycopy(rows, example * size + offset, input.value, example * input.size, input.size);
            }
            offset += input.size;
        }
    }

    /** Computes the output of the batch in the input. */
    public void forward(Mode mode) {
        layers.forEach(layer -> layer.forward(mode));
    }

    /**
     * Switches quantizers on, those nearest the input first.
     *
     * @param share 0..1 of them; reals pass through the others
     */
    public void quantize(double share) {
        List<Quantizing> quantizing = layers.stream().filter(Quantizing.class::isInstance)
                .map(Quantizing.class::cast).toList();
        for (int i = 0; i < quantizing.size(); i++) {
            quantizing.get(i).quantize(i < Math.round(share * quantizing.size()));
        }
    }

    /**
     * Begins tables of scales by step at a constant, that of a range which the same quantizers had: [2], by the paths
     * {@code x.range} for {@code x.steps}.
     */
    public void startTables(Function<String, Optional<float[]>> ranges) {
        for (TrainedLayer layer : layers) {
            if (layer instanceof TemporalModule module) {
                ranges.apply(module.path().replaceFirst("steps$", "range")).ifPresent(ends -> module.startAt(
                        Math.max(Math.abs(ends[0]), Math.abs(ends[1])) / module.highest()));
            }
        }
    }

    /** What tables of scales remember beside their parameters, by name, the arrays themselves. */
    public Map<String, float[]> tableState() {
        Map<String, float[]> state = new LinkedHashMap<>();
        for (TrainedLayer layer : layers) {
            if (layer instanceof TemporalModule module) {
                state.put("power " + module.path(), module.power());
            }
        }
        return state;
    }

    /** Tables of scales go on with what was put into their parameters and {@link #tableState}. */
    public void resumeTables() {
        layers.stream().filter(TemporalModule.class::isInstance).map(TemporalModule.class::cast)
                .forEach(TemporalModule::resume);
    }

    /** What stands for the gradient of signs from now on. */
    public void signGradient(SignGradient gradient) {
        layers.stream().filter(QuantizeActivations.class::isInstance).map(QuantizeActivations.class::cast)
                .forEach(layer -> layer.signGradient(gradient));
    }

    /** Whether tables of scales by step learn what loses least of the activations, rather than by the loss. */
    public void calibrateSteps(boolean calibrating) {
        layers.stream().filter(LearnedSteps.class::isInstance).map(LearnedSteps.class::cast)
                .forEach(steps -> steps.calibrate(calibrating));
        layers.stream().filter(TemporalModule.class::isInstance).map(TemporalModule.class::cast)
                .forEach(module -> module.calibrate(calibrating));
    }

    /** Batch normalizations whose parameters are not trained keep the statistics that they start with. */
    public void freeze(Predicate<String> frozen) {
        Set<Signal> kept = parameters.stream().filter(p -> frozen.test(p.path())).map(TrainedParameter::signal)
                .collect(Collectors.toSet());
        layers.stream().filter(BatchNormalization.class::isInstance).map(BatchNormalization.class::cast)
                .forEach(norm -> norm.freezeIf(kept));
    }

    /** Sets every gradient to 0, to be called before the loss adds its own. */
    public void clearGradients() {
        signals.forEach(Signal::clearGradient);
    }

    /** Adds up the gradients of all parameters from the output's. */
    public void backward() {
        layers.reversed().forEach(TrainedLayer::backward);
    }

    /**
     * From here on the running means and variances are those of all batches seen, each counting alike: what
     * evaluation needs once the weights have come to rest.
     */
    public void beginPopulationStatistics() {
        statistics.forEach(RunningStatistics::beginPopulation);
    }
}
