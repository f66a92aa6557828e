package dev.tern.quantizer;

import dev.tern.quantizer.dataset.Distortion;

/**
 * How to train.
 *
 * @param epochs passes through the training images
 * @param batch images per step
 * @param seed of the weights' start, the order of the images and their distortion: the same seed on the same machine
 *     gives the same parameters
 * @param learningRate Adam's rate after the first {@value Trainer#WARM_UP_STEPS} steps, which rise to it; from there it
 *     falls to 0 as a half cosine (Loshchilov and Hutter 2017)
 * @param labelSmoothing the share of each target that is spread over all classes, 0 for none
 * @param distortion of the training images
 * @param heldOut the last so many images are not trained on but measured after each epoch
 */
public record TrainingSettings(int epochs, int batch, long seed, float learningRate, float labelSmoothing,
        Distortion distortion, int heldOut) {
    /** @throws IllegalArgumentException if a number is out of its range */
    public TrainingSettings {
        if (epochs < 1 || batch < 1 || heldOut < 0 || !(learningRate > 0) || !(labelSmoothing >= 0)
                || labelSmoothing >= 1) {
            throw new IllegalArgumentException("settings out of range: epochs " + epochs + ", batch " + batch
                    + ", learning rate " + learningRate + ", label smoothing " + labelSmoothing + ", held out "
                    + heldOut);
        }
    }
}
