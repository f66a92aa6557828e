package dev.tern.benchmarks.job;

import java.util.SplittableRandom;

/**
 * The numbers of a job: seeded by its name, so that every process draws the same.
 *
 * @param codes of the weights: [output][row][column][input]
 * @param scales of the weights, one per output
 * @param thresholds per output: the sign is + above it, or below where flipped. Between two integers, so that no
 *        rounding matters
 * @param flipped per output
 * @param input [row][column][channel], within -1..1
 */
public record JobParameters(byte[] codes, float[] scales, int[] thresholds, boolean[] flipped, float[] input) {
    /** The numbers of a job. */
    public static JobParameters of(Job job) {
        SplittableRandom random = new SplittableRandom(job.name().hashCode());
        Shape shape = job.shape();
        byte[] codes = new byte[shape.outputs() * shape.fanIn()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) switch (job.weights()) {
                case BINARY -> 1 - 2 * random.nextInt(2);
                case TERNARY -> random.nextInt(3) - 1;
                case INT8, FLOAT -> random.nextInt(255) - 127;
            };
        }
        float[] scales = new float[shape.outputs()];
        int[] thresholds = new int[shape.outputs()];
        boolean[] flipped = new boolean[shape.outputs()];
        int spread = (int) Math.sqrt(shape.fanIn());
        for (int n = 0; n < scales.length; n++) {
            scales[n] = (float) random.nextDouble(0.01, 0.1);
            thresholds[n] = random.nextInt(-spread, spread + 1);
            flipped[n] = random.nextInt(8) == 0;
        }
        float[] input = new float[shape.pixels() * shape.channels()];
        for (int i = 0; i < input.length; i++) {
            input[i] = (float) random.nextDouble(-1, 1);
        }
        return new JobParameters(codes, scales, thresholds, flipped, input);
    }

    /** The weights as the float peers take them: code times scale, in the order of the codes. */
    public float[] weights() {
        float[] weights = new float[codes.length];
        int fanIn = codes.length / scales.length;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = codes[i] * scales[i / fanIn];
        }
        return weights;
    }
}
