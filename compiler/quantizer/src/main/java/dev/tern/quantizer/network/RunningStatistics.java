package dev.tern.quantizer.network;

import java.util.Arrays;

/**
 * The mean and the variance of a batch normalization's input, one per channel: running averages while the weights move,
 * and, when they have come to rest, the averages over all batches of a pass through the data.
 */
final class RunningStatistics {
    private final Signal mean;
    private final Signal variance;
    private final float momentum;
    private final double[] sum;
    private final double[] sumOfSquares;
    private long batches;
    private boolean population;

    /** @param momentum what is kept of the running averages at each batch */
    RunningStatistics(Signal mean, Signal variance, float momentum) {
        this.mean = mean;
        this.variance = variance;
        this.momentum = momentum;
        this.sum = new double[mean.size];
        this.sumOfSquares = new double[mean.size];
    }

    float[] mean() {
        return mean.value;
    }

    float[] variance() {
        return variance.value;
    }

    /** From here on every batch counts alike. */
    void beginPopulation() {
        population = true;
        batches = 0;
        Arrays.fill(sum, 0);
        Arrays.fill(sumOfSquares, 0);
    }

    /** Takes in one batch; only the first entries of the arrays, one per channel, are read. */
    void observe(float[] batchMean, float[] batchVariance) {
        batches++;
        for (int c = 0; c < mean.size; c++) {
            if (population) {
                sum[c] += batchMean[c];
                sumOfSquares[c] += batchVariance[c] + (double) batchMean[c] * batchMean[c];
                double average = sum[c] / batches;
                mean.value[c] = (float) average;
                variance.value[c] = (float) Math.max(sumOfSquares[c] / batches - average * average, 0);
            } else {
                mean.value[c] += (1 - momentum) * (batchMean[c] - mean.value[c]);
                variance.value[c] += (1 - momentum) * (batchVariance[c] - variance.value[c]);
            }
        }
    }
}
