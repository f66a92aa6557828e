package dev.tern.quantizer.network;

import dev.tern.quantizer.network.TrainedLayer.Mode;
import java.util.List;

/** A differentiable network for batches of one size: layers in order, and the signals between them. */
public final class Network {
    private final Signal input;
    private final Signal output;
    private final List<TrainedLayer> layers;
    private final List<Signal> signals;
    private final List<TrainedParameter> parameters;
    private final List<RunningStatistics> statistics;

    Network(Signal input, Signal output, List<TrainedLayer> layers, List<Signal> signals, List<TrainedParameter> parameters,
            List<RunningStatistics> statistics) {
        this.input = input;
        this.output = output;
        this.layers = List.copyOf(layers);
        this.signals = List.copyOf(signals);
        this.parameters = List.copyOf(parameters);
        this.statistics = List.copyOf(statistics);
    }

    /** Where a batch is written. */
    public Signal input() {
        return input;
    }

    /** The scores of the batch. */
    public Signal output() {
        return output;
    }

    /** All parameters of the model, in the order of the graph. */
    public List<TrainedParameter> parameters() {
        return parameters;
    }

    /** Computes the output of the batch in the input. */
    public void forward(Mode mode) {
        layers.forEach(layer -> layer.forward(mode));
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
