package dev.tern.quantizer;

import java.util.Locale;

/**
 * How training stands after an epoch.
 *
 * @param epoch from 1
 * @param epochs in all
 * @param training of the varied examples while the weights moved
 * @param heldOut of the examples held out; both NaN if there are none
 * @param secondsLeft at the pace so far
 */
public record EpochReport(int epoch, int epochs, Score training, Score heldOut, double secondsLeft) {
    /**
     * How well examples are answered.
     *
     * @param loss the mean
     * @param accuracy 0..1; NaN where there are no classes
     */
    public record Score(double loss, double accuracy) {
        /** Of no examples. */
        public static final Score NONE = new Score(Double.NaN, Double.NaN);

        /** {@code loss 0.1234  97.50 %}. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "loss %.4f", loss)
                    + (Double.isNaN(accuracy) ? "" : String.format(Locale.ROOT, "  %.2f %%", 100 * accuracy));
        }
    }

    /** One line. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "epoch %d/%d  training %s%s  %.1f minutes left", epoch, epochs, training,
                Double.isNaN(heldOut.loss()) ? "" : "  held out " + heldOut, secondsLeft / 60);
    }
}
