package dev.tern.quantizer.diffusion;

/**
 * How much of a sample is left at each step of a diffusion, the rest being noise (Ho et al. 2020): the product of
 * 1 - beta up to the step, beta rising evenly from 0.1 / n to 20 / n over n steps, which for 1000 steps is the
 * paper's 1e-4 to 0.02; at most 0.999.
 *
 * @param kept the share of the sample's variance at each step, falling
 */
public record NoiseSchedule(double[] kept) {
    private static final double FIRST = 0.1;
    private static final double LAST = 20;
    private static final double GREATEST = 0.999;

    /** The schedule of n steps, at least 2. */
    public static NoiseSchedule of(int steps) {
        if (steps < 2) {
            throw new IllegalArgumentException("a diffusion of " + steps + " steps");
        }
        double[] kept = new double[steps];
        double product = 1;
        for (int t = 0; t < steps; t++) {
            double beta = (FIRST + (LAST - FIRST) * t / (steps - 1)) / steps;
            product *= 1 - Math.min(beta, GREATEST);
            kept[t] = product;
        }
        return new NoiseSchedule(kept);
    }

    /** How many steps there are. */
    public int steps() {
        return kept.length;
    }

    /** A value of a sample with noise mixed in. */
    public float noisy(int step, float value, float noise) {
        return (float) (Math.sqrt(kept[step]) * value + Math.sqrt(1 - kept[step]) * noise);
    }
}
