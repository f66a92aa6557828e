package dev.tern.quantizer;

import java.util.Locale;

/**
 * How training stands after an epoch.
 *
 * @param epoch from 1
 * @param epochs in all
 * @param loss the mean over the epoch's batches
 * @param trainingAccuracy 0..1, of the distorted images while the weights moved
 * @param heldOutAccuracy 0..1, of the images held out; NaN if there are none
 * @param secondsLeft at the pace so far
 */
public record EpochReport(int epoch, int epochs, double loss, double trainingAccuracy, double heldOutAccuracy,
        double secondsLeft) {
    /** One line. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT,
                "epoch %d/%d  loss %.4f  training %.2f %%  held out %.2f %%  %.1f minutes left", epoch, epochs, loss,
                100 * trainingAccuracy, 100 * heldOutAccuracy, secondsLeft / 60);
    }
}
