package dev.tern.quantizer.diffusion;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a noisy sample is at each step of a diffusion: {@code signal * sample + noise * gaussian}. At the last step next
 * to nothing is left of the sample.
 *
 * @param signal by step, above 0
 * @param noise by step, rising
 */
public record NoiseSchedule(double[] signal, double[] noise) {
    private static final double FIRST = 0.1;
    private static final double LAST = 20;
    private static final double GREATEST = 0.999;

    /**
     * Noise that is added to samples as they are, so that the variance grows by the step (Song and Ermon 2020).
     *
     * @param least deviation of the noise, at the first step
     * @param greatest at the last one; those between rise geometrically
     */
    public record Deviations(double least, double greatest) {
        private static final Pattern TEXT = Pattern.compile("([0-9.eE+-]+?)\\.\\.([0-9.eE+-]+)");

        public Deviations {
            if (!(least > 0) || !(greatest > least) || greatest == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("noise grows from a deviation above 0 to a greater one, not from "
                        + least + " to " + greatest);
            }
        }

        /**
         * That of a text: {@code 0.01..10}.
         *
         * @throws IllegalArgumentException saying how it is written
         */
        public static Deviations of(String text) {
            Matcher found = TEXT.matcher(text);
            try {
                if (found.matches()) {
                    return new Deviations(Double.parseDouble(found.group(1)), Double.parseDouble(found.group(2)));
                }
            } catch (NumberFormatException e) {
                // Said below, as of any other text.
            }
            throw new IllegalArgumentException("the noise's deviation at the first and at the last step is written"
                    + " 0.01..10, not " + text);
        }

        /** As {@link #of(String)} reads it. */
        @Override
        public String toString() {
            return least + ".." + greatest;
        }
    }

    /** The schedule of n steps, at least 2. @param deviations of noise that is added; without, variance is kept */
    public static NoiseSchedule of(int steps, Optional<Deviations> deviations) {
        if (steps < 2) {
            throw new IllegalArgumentException("a diffusion of " + steps + " steps");
        }
        return deviations.map(found -> exploding(steps, found)).orElseGet(() -> preserving(steps));
    }

    /**
     * The variance of a sample of variance 1 stays as it is (Ho et al. 2020): what is left of it is the product of
     * 1 - beta up to the step, beta rising evenly from 0.1 / n to 20 / n over n steps, which for 1000 steps is the
     * paper's 1e-4 to 0.02; at most 0.999.
     */
    private static NoiseSchedule preserving(int steps) {
        double[] signal = new double[steps];
        double[] noise = new double[steps];
        double kept = 1;
        for (int t = 0; t < steps; t++) {
            double beta = (FIRST + (LAST - FIRST) * t / (steps - 1)) / steps;
            kept *= 1 - Math.min(beta, GREATEST);
            signal[t] = Math.sqrt(kept);
            noise[t] = Math.sqrt(1 - kept);
        }
        return new NoiseSchedule(signal, noise);
    }

    private static NoiseSchedule exploding(int steps, Deviations deviations) {
        double[] signal = new double[steps];
        double[] noise = new double[steps];
        Arrays.fill(signal, 1);
        for (int t = 0; t < steps; t++) {
            noise[t] = deviations.least * Math.pow(deviations.greatest / deviations.least, t / (steps - 1.0));
        }
        return new NoiseSchedule(signal, noise);
    }

    /** How many steps there are. */
    public int steps() {
        return noise.length;
    }

    /** A value of a sample with noise mixed in. */
    public float noisy(int step, float value, float gaussian) {
        return (float) (signal[step] * value + noise[step] * gaussian);
    }

    /** The deviation of a value of variance 1 with the last step's noise, which sampling begins at. */
    public double greatestDeviation() {
        return Math.hypot(signal[steps() - 1], noise[steps() - 1]);
    }
}
