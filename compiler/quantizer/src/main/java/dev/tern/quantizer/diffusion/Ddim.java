package dev.tern.quantizer.diffusion;

import java.util.random.RandomGenerator;

/** Draws samples by a model that predicts noise, without adding any on the way (DDIM, Song et al. 2021, eta 0). */
public final class Ddim {
    private final NoiseSchedule schedule;
    private final int visited;

    /** Predicts the noise in a value at a step, into {@code noise}. */
    @FunctionalInterface
    public interface Model {
        void predict(float[] x, int step, float[] noise);
    }

    /** @param visited how many of the steps are taken, evenly spread, the last among them */
    public Ddim(NoiseSchedule schedule, int visited) {
        if (visited < 1 || visited > schedule.steps()) {
            throw new IllegalArgumentException(visited + " of " + schedule.steps() + " steps");
        }
        this.schedule = schedule;
        this.visited = visited;
    }

    /** One sample. @param random gives the noise it begins as */
    public float[] sample(Model model, int size, RandomGenerator random) {
        float[] x = new float[size];
        for (int i = 0; i < size; i++) {
            x[i] = (float) (schedule.greatestDeviation() * random.nextGaussian());
        }
        float[] noise = new float[size];
        for (int visit = visited; visit > 0; visit--) {
            int step = step(visit);
            double signal = visit == 1 ? 1 : schedule.signal()[step(visit - 1)];
            double left = visit == 1 ? 0 : schedule.noise()[step(visit - 1)];
            model.predict(x, step, noise);
            for (int i = 0; i < size; i++) {
                double clean = (x[i] - schedule.noise()[step] * noise[i]) / schedule.signal()[step];
                x[i] = (float) (signal * clean + left * noise[i]);
            }
        }
        return x;
    }

    private int step(int visit) {
        return (int) ((long) visit * schedule.steps() / visited) - 1;
    }
}
