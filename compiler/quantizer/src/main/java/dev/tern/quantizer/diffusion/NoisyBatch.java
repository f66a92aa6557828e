package dev.tern.quantizer.diffusion;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Samples with noise in them.
 *
 * @param rows of each the values and then its step, as the inputs of a model that predicts noise take them
 * @param noise what it should tell, one sample after the other
 */
public record NoisyBatch(float[] rows, float[] noise) {
    /**
     * Samples and steps by chance.
     *
     * @param samples one after the other
     * @param size of each
     */
    static NoisyBatch draw(NoiseSchedule schedule, float[] samples, int size, int count, RandomGenerator random) {
        NoisyBatch batch = new NoisyBatch(new float[count * (size + 1)], new float[count * size]);
        for (int n = 0; n < count; n++) {
            int step = random.nextInt(schedule.steps());
            batch.put(n, schedule, step, samples, random.nextInt(samples.length / size) * size, size, random);
        }
        return batch;
    }

    /** Samples in turn and steps from the first to the last, so that every step counts alike. */
    static NoisyBatch spread(NoiseSchedule schedule, float[] samples, int size, int count, RandomGenerator random) {
        NoisyBatch batch = new NoisyBatch(new float[count * (size + 1)], new float[count * size]);
        for (int n = 0; n < count; n++) {
            int step = (int) ((long) n * schedule.steps() / count);
            batch.put(n, schedule, step, samples, n % (samples.length / size) * size, size, random);
        }
        return batch;
    }

    private void put(int n, NoiseSchedule schedule, int step, float[] samples, int from, int size,
            RandomGenerator random) {
        for (int i = 0; i < size; i++) {
            float drawn = (float) random.nextGaussian();
            noise[n * size + i] = drawn;
            rows[n * (size + 1) + i] = schedule.noisy(step, samples[from + i], drawn);
        }
        rows[n * (size + 1) + size] = step;
    }

    /** Some of them, from one on. */
    NoisyBatch part(int first, int count, int size) {
        return new NoisyBatch(Arrays.copyOfRange(rows, first * (size + 1), (first + count) * (size + 1)),
                Arrays.copyOfRange(noise, first * size, (first + count) * size));
    }
}
