package dev.tern.quantizer.network;

import dev.tern.compiler.graph.meaning.NormArithmetic;
import java.util.Arrays;
import java.util.Set;

/**
 * Batch normalization over the last axis (Ioffe and Szegedy 2015): gamma (x - mean) / sqrt(variance + epsilon) + beta.
 *
 * <p>While training, mean and variance are the batch's, and running averages of both are kept for evaluation. The loops
 * run over super-rows of several pixels, because a row of 16 channels is too short to fill vector registers.
 */
final class BatchNormalization implements TrainedLayer {
    private static final int SUPER_ROW = 512;

    private final Signal input;
    private final Signal output;
    private final Signal gamma;
    private final Signal beta;
    private final RunningStatistics statistics;
    private final double epsilon;
    private final int channels;
    private final int rows;
    private final int width;
    private final float[] mean;
    private final float[] inverseDeviation;
    private final float[] factor;
    private boolean frozen;

    BatchNormalization(Signal input, Signal output, Signal gamma, Signal beta, RunningStatistics statistics,
            double epsilon) {
        this.input = input;
        this.output = output;
        this.gamma = gamma;
        this.beta = beta;
        this.statistics = statistics;
        this.epsilon = epsilon;
        this.channels = input.channels();
        this.rows = input.value.length / channels;
        this.width = Convolution.divisorUpTo(SUPER_ROW / channels, rows) * channels;
        this.mean = new float[width];
        this.inverseDeviation = new float[width];
        this.factor = new float[width];
    }

    /** Normalizes by the running statistics from now on, if gamma is one of these. */
    void freezeIf(Set<Signal> kept) {
        frozen = kept.contains(gamma);
    }

    @Override
    public void forward(Mode mode) {
        if (mode == Mode.TRAINING && !frozen) {
            measure();
        } else {
            spread(statistics.mean(), mean);
            spread(statistics.variance(), inverseDeviation);
        }
        float[] term = new float[width];
        for (int i = 0; i < width; i++) {
            // Rounded where the compiled model rounds.
            factor[i] = NormArithmetic.scale(gamma.value[i % channels], inverseDeviation[i], epsilon);
            term[i] = NormArithmetic.shift(beta.value[i % channels], mean[i], factor[i]);
            inverseDeviation[i] = (float) (1 / Math.sqrt(inverseDeviation[i] + epsilon));
        }
        float[] x = input.value;
        float[] y = output.value;
        for (int row = 0; row < x.length; row += width) {
            for (int i = 0; i < width; i++) {
                y[row + i] = x[row + i] * factor[i] + term[i];
            }
        }
    }

    /** Leaves the batch's mean, and its variance in {@code inverseDeviation}. */
    private void measure() {
        float[] x = input.value;
        float[] sums = new float[width];
        for (int row = 0; row < x.length; row += width) {
            for (int i = 0; i < width; i++) {
                sums[i] += x[row + i];
            }
        }
        average(sums, mean);
        Arrays.fill(sums, 0f);
        for (int row = 0; row < x.length; row += width) {
            for (int i = 0; i < width; i++) {
                float d = x[row + i] - mean[i];
                sums[i] += d * d;
            }
        }
        average(sums, inverseDeviation);
        statistics.observe(mean, inverseDeviation);
    }

    @Override
    public void backward() {
        float[] x = input.value;
        float[] dy = output.gradient;
        float[] meanGradient = new float[width];
        float[] meanProduct = new float[width];
        for (int row = 0; row < x.length; row += width) {
            for (int i = 0; i < width; i++) {
                float g = dy[row + i];
                meanGradient[i] += g;
                meanProduct[i] += g * ((x[row + i] - mean[i]) * inverseDeviation[i]);
            }
        }
        average(meanGradient, meanGradient);
        average(meanProduct, meanProduct);
        for (int c = 0; c < gamma.gradient.length; c++) {
            beta.gradient[c] += meanGradient[c] * rows;
            gamma.gradient[c] += meanProduct[c] * rows;
        }
        if (input.isDifferentiable()) {
            if (frozen) {
                // What is no statistic of the batch has no part in the gradient.
                Arrays.fill(meanGradient, 0f);
                Arrays.fill(meanProduct, 0f);
            }
            passBack(meanGradient, meanProduct);
        }
    }

    /** dx = factor (dy - mean(dy) - n mean(dy n)), with n the normalized x. */
    private void passBack(float[] meanGradient, float[] meanProduct) {
        float[] x = input.value;
        float[] dx = input.gradient;
        float[] dy = output.gradient;
        for (int i = 0; i < width; i++) {
            meanProduct[i] *= inverseDeviation[i];
        }
        for (int row = 0; row < x.length; row += width) {
            for (int i = 0; i < width; i++) {
                dx[row + i] += factor[i] * (dy[row + i] - meanGradient[i] - (x[row + i] - mean[i]) * meanProduct[i]);
            }
        }
    }

    /** A super-row's sums added channel by channel, divided by the rows, and spread over the super-row again. */
    private void average(float[] sums, float[] result) {
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int i = c; i < width; i += channels) {
                sum += sums[i];
            }
            result[c] = (float) (sum / rows);
        }
        spread(result, result);
    }

    private void spread(float[] perChannel, float[] superRow) {
        for (int i = 0; i < width; i++) {
            superRow[i] = perChannel[i % channels];
        }
    }
}
