package dev.tern.quantizer;

import dev.tern.quantizer.dataset.Distortion;
import dev.tern.quantizer.network.Optimizer;
import dev.tern.quantizer.network.SignGradient;

/**
 * How to train.
 *
 * @param course how long, and on what
 * @param descent how the parameters are moved
 * @param variation how examples are varied
 * @param only which parameters are trained, as {@link ChosenPaths} reads it: {@code body.*}; the others stay as they
 *     start
 */
public record TrainingSettings(Course course, Descent descent, Variation variation, String only) {
    /** Every parameter. */
    public static final String ALL = "*";

    /**
     * How long and on what.
     *
     * @param epochs passes through the examples; with 0 no parameter is moved, and batch normalization's statistics are
     *     measured alone
     * @param floatEpochs the first so many epochs train with reals in the place of codes
     * @param stepEpochs over so many further epochs the quantizers are switched on one after the other, from the input
     * on
     * @param batch examples per step
     * @param seed of the weights' start, the order of the examples and their variation: the same seed on the same
     *     machine gives the same parameters
     * @param heldOut so many examples, chosen evenly by chance whatever the seed, are not trained on but measured after
     *     each epoch
     */
    public record Course(int epochs, int floatEpochs, int stepEpochs, int batch, long seed, int heldOut) {
        public Course {
            require(epochs >= 0, "epochs", epochs, "0 or more");
            require(floatEpochs >= 0, "epochs in floats", floatEpochs, "0 or more");
            require(stepEpochs >= 0 && floatEpochs + (long) stepEpochs < Math.max(1, epochs),
                    "epochs until all is quantized", floatEpochs + (long) stepEpochs,
                    "fewer than the " + epochs + " epochs in all");
            require(batch >= 1, "batch", batch, "1 or more");
            require(heldOut >= 0, "held out", heldOut, "0 or more");
        }

        /** Quantized from the first epoch on. */
        public static Course of(int epochs, int batch, long seed, int heldOut) {
            return new Course(epochs, 0, 0, batch, seed, heldOut);
        }
    }

    /**
     * How the parameters are moved.
     *
     * @param learningRate after the first {@value Trainer#WARM_UP_STEPS} steps, which rise to it; from there it falls
     * to
     *     0 as a half cosine (Loshchilov and Hutter 2017)
     * @param weightDecay times the rate, the share that is taken off weights at each step
     * @param signGradient what stands for the gradient of the sign
     */
    public record Descent(Optimizer.Rule rule, float learningRate, float weightDecay, SignGradient signGradient) {
        public Descent {
            require(learningRate > 0 && Float.isFinite(learningRate), "learning rate", learningRate,
                    "more than 0");
            require(weightDecay >= 0, "weight decay", weightDecay, "0 or more");
        }

        /** Adam without decay, signs as the clipped identity. */
        public static Descent adam(float learningRate) {
            return new Descent(new Optimizer.Rule.Adam(), learningRate, 0, SignGradient.CLIP);
        }
    }

    /**
     * How examples are varied, so that each epoch sees others.
     *
     * @param distortion of images
     * @param mixup examples and targets are mixed in pairs, the shares by chance from Beta(mixup, mixup) (Zhang et al.
     *     2018); 0 for none, at most 1
     * @param labelSmoothing the share of each label that is spread over all classes (Szegedy et al. 2016), 0 for none
     */
    public record Variation(Distortion distortion, float mixup, float labelSmoothing) {
        /** Examples as they are. */
        public static final Variation NONE = new Variation(Distortion.NONE, 0, 0);

        public Variation {
            require(mixup >= 0 && mixup <= 1, "mixup", mixup, "from 0 to 1");
            require(labelSmoothing >= 0 && labelSmoothing < 1, "label smoothing", labelSmoothing,
                    "from 0 to less than 1");
        }
    }

    /** @throws IllegalArgumentException naming the setting, and what it can be */
    private static void require(boolean holds, String name, Number value, String range) {
        if (!holds) {
            throw new IllegalArgumentException("setting out of range: " + name + " " + value + ", for " + range);
        }
    }
}
