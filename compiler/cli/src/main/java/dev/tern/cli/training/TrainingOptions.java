package dev.tern.cli.training;

import dev.tern.quantizer.TrainingSettings;
import dev.tern.quantizer.dataset.Distortion;
import dev.tern.quantizer.network.Optimizer;
import dev.tern.quantizer.network.SignGradient;
import picocli.CommandLine.Option;

/** The options that say how to train. */
public final class TrainingOptions {
    private static final int MOST_HELD_OUT = 5000;
    private static final float MOMENTUM = 0.9f;

    /** What stands for the gradient of the sign. */
    enum SignSlope {
        clip, quadratic
    }

    /** How a gradient becomes a step. */
    enum Method {
        adam, relative, sgd
    }

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "20", description = {
        "Passes through the data (default: ${DEFAULT-VALUE}); with 0 no parameter is moved, and only batch"
                + " normalization's statistics are measured anew, those of --start."})
    private int epochs;

    @Option(names = "--float-epochs", paramLabel = "N", defaultValue = "0", description = {
        "Train the first so many epochs without quantization (default: ${DEFAULT-VALUE})."})
    private int floatEpochs;

    @Option(names = "--step-epochs", paramLabel = "N", defaultValue = "0", description = {
        "Over so many further epochs quantize one layer after the other, from the input on (default:"
                + " ${DEFAULT-VALUE})."})
    private int stepEpochs;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "100", description = {
        "Examples per step (default: ${DEFAULT-VALUE})."})
    private int batch;

    @Option(names = "--optimizer", paramLabel = "NAME", defaultValue = "adam", description = {
        "adam; relative, which is adam with a rate that is a share of each tensor's own size, for networks trained"
                + " elsewhere; or sgd with Nesterov's momentum of 0.9 (default: ${DEFAULT-VALUE})."})
    private Method method;

    @Option(names = "--rate", paramLabel = "X", defaultValue = "0.003", description = {
        "Highest learning rate; it falls to 0 as a half cosine (default: ${DEFAULT-VALUE})."})
    private float rate;

    @Option(names = "--decay", paramLabel = "X", defaultValue = "0", description = {
        "Share of the weights, times the rate, that each step takes off (default: ${DEFAULT-VALUE})."})
    private float decay;

    @Option(names = "--sign-gradient", paramLabel = "NAME", defaultValue = "clip", description = {
        "What stands for the gradient of the sign within -1..1: clip for 1, quadratic for 2 - 2|x| (default:"
                + " ${DEFAULT-VALUE})."})
    private SignSlope signGradient;

    @Option(names = "--smoothing", paramLabel = "X", defaultValue = "0", description = {
        "Share of each label that is spread over all classes (default: ${DEFAULT-VALUE})."})
    private float smoothing;

    @Option(names = "--mixup", paramLabel = "X", defaultValue = "0", description = {
        "Mix examples in pairs, with shares from Beta(X, X); at most 1 (default: ${DEFAULT-VALUE})."})
    private float mixup;

    @Option(names = "--shift", paramLabel = "PIXELS", defaultValue = "0", description = {
        "Move pictures at random by up to so much, black coming in (default: ${DEFAULT-VALUE})."})
    private double shift;

    @Option(names = "--turn", paramLabel = "DEGREES", defaultValue = "0", description = {
        "Turn pictures at random by up to so much (default: ${DEFAULT-VALUE})."})
    private double turn;

    @Option(names = "--zoom", paramLabel = "X", defaultValue = "0", description = {
        "Resize pictures at random by up to so much, 0.1 for a tenth (default: ${DEFAULT-VALUE})."})
    private double zoom;

    @Option(names = "--flip", description = "Mirror half of the pictures, left for right.")
    private boolean flip;

    @Option(names = "--held-out", paramLabel = "N", description = {
        "So many examples, chosen by chance but alike for every seed, are measured and not trained on (default: a"
                + " tenth, at most 5000)."})
    private Integer heldOut;

    @Option(names = "--only", paramLabel = "PATHS", defaultValue = "*", description = {
        "Train only parameters with one of these paths, * for any text: 'body.*,*.bias'."})
    private String only;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = {
        "Where chance begins (default: ${DEFAULT-VALUE})."})
    private long seed;

    /**
     * The settings for so many examples.
     *
     * @throws IllegalArgumentException naming what is out of range
     */
    public TrainingSettings settings(int examples) {
        return settings(seed, heldOut == null ? Math.min(MOST_HELD_OUT, examples / 10) : heldOut);
    }

    /** The same with another seed and nothing held out. */
    public TrainingSettings settings(long otherSeed, int held) {
        return new TrainingSettings(
                new TrainingSettings.Course(epochs, floatEpochs, stepEpochs, batch, otherSeed, held),
                new TrainingSettings.Descent(switch (method) {
                    case adam -> new Optimizer.Rule.Adam();
                    case relative -> new Optimizer.Rule.RelativeAdam();
                    case sgd -> new Optimizer.Rule.Sgd(MOMENTUM);
                }, rate, decay, switch (signGradient) {
                    case clip -> SignGradient.CLIP;
                    case quadratic -> SignGradient.QUADRATIC;
                }), new TrainingSettings.Variation(new Distortion(shift, turn, zoom, flip), mixup,
                        smoothing),
                only);
    }

    /** The first of the seeds. */
    public long seed() {
        return seed;
    }
}
