package dev.tern.quantizer.diffusion;

import java.util.SplittableRandom;

/** How wrong a model is about the noise in samples. */
public final class DenoisingError {
    /** Noises tried at each step, the same for every model. */
    private static final int TRIED = 400;
    private static final long SEED = 2306;

    private DenoisingError() {
    }

    /** The mean squared error of a number of the noise, by step. @param samples one after the other */
    public static double[] of(Ddim.Model model, NoiseSchedule schedule, float[] samples, int size) {
        double[] errors = new double[schedule.steps()];
        SplittableRandom random = new SplittableRandom(SEED);
        float[] x = new float[size];
        float[] noise = new float[size];
        float[] predicted = new float[size];
        for (int step = 0; step < errors.length; step++) {
            for (int n = 0; n < TRIED; n++) {
                int from = n % (samples.length / size) * size;
                for (int i = 0; i < size; i++) {
                    noise[i] = (float) random.nextGaussian();
                    x[i] = schedule.noisy(step, samples[from + i], noise[i]);
                }
                model.predict(x, step, predicted);
                for (int i = 0; i < size; i++) {
                    errors[step] += Math.pow(predicted[i] - (double) noise[i], 2) / size / TRIED;
                }
            }
        }
        return errors;
    }
}
