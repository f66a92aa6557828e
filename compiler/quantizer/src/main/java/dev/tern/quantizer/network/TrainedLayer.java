package dev.tern.quantizer.network;

/** One step of a network: computes its output signal from its inputs, and hands the loss's gradient back to them. */
public interface TrainedLayer {
    /** Whether a batch is learned from (batch statistics) or judged (running statistics). */
    enum Mode {
        TRAINING, EVALUATION
    }

    /** Computes the output's values from the inputs'. */
    void forward(Mode mode);

    /** Adds to the inputs' gradients what the output's gradient says of the last {@link #forward}. */
    void backward();
}
