package dev.tern.quantizer.diffusion;

import java.util.stream.IntStream;

/** How far two sets of samples are apart. */
public final class Distance {
    private Distance() {
    }

    /**
     * The energy distance (Székely and Rizzo 2013): twice the mean distance between the sets less the mean distances
     * within each; 0 for sets of one distribution, but for chance. Within a set a sample is not compared with itself.
     *
     * @param size numbers of each sample, at least two samples in each set
     */
    public static double energy(float[] left, float[] right, int size) {
        return 2 * mean(left, right, size, false) - mean(left, left, size, true) - mean(right, right, size, true);
    }

    private static double mean(float[] left, float[] right, int size, boolean same) {
        int lefts = left.length / size;
        int rights = right.length / size;
        double[] sums = new double[lefts];
        IntStream.range(0, lefts).parallel().forEach(a -> {
            for (int b = 0; b < rights; b++) {
                double squares = 0;
                for (int i = 0; i < size; i++) {
                    double difference = (double) left[a * size + i] - right[b * size + i];
                    squares += difference * difference;
                }
                sums[a] += Math.sqrt(squares);
            }
        });
        double sum = 0;
        for (double each : sums) {
            sum += each;
        }
        return sum / ((double) lefts * (same ? rights - 1 : rights));
    }
}
