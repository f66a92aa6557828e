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
            x[i] = (float) random.nextGaussian();
        }
        float[] noise = new float[size];
        for (int visit = visited; visit > 0; visit--) {
            double kept = schedule.kept()[step(visit)];
            double next = visit == 1 ? 1 : schedule.kept()[step(visit - 1)];
            model.predict(x, step(visit), noise);
            for (int i = 0; i < size; i++) {
                double clean = (x[i] - Math.sqrt(1 - kept) * noise[i]) / Math.sqrt(kept);
                x[i] = (float) (Math.sqrt(next) * clean + Math.sqrt(1 - next) * noise[i]);
            }
        }
        return x;
    }

    private int step(int visit) {
        return (int) ((long) visit * schedule.steps() / visited) - 1;
    }
}
