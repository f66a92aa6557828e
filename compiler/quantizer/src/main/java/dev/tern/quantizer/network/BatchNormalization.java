package dev.tern.quantizer.network;

import dev.tern.compiler.graph.meaning.NormArithmetic;
import java.util.Arrays;
import java.util.Set;

/**
 * Batch normalization over the last axis (Ioffe and Szegedy 2015): gamma (x - mean) / sqrt(variance + epsilon) + beta.
 *
 * <p>While training, mean and variance are the batch's, and running averages of both are kept for evaluation. The loops
 * run over super-rows of several pixels, because a row of 16 channels is too short to fill vector registers, and over
 * copies of them: see {@link Line}.
 */
final class BatchNormalization implements TrainedLayer {
    private static final int SUPER_ROW = 1024;

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
    private final float[] line;
    private final float[] gradientLine;
    private final float[] inputGradientLine;
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
        this.line = new float[width];
        this.gradientLine = new float[width];
        this.inputGradientLine = new float[width];
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
        for (int row = 0; row < input.value.length; row += width) {
            System.arraycopy(input.value, row, line, 0, width);
            Line.scale(line, factor, term);
            System.arraycopy(line, 0, output.value, row, width);
        }
    }

    /** Leaves the batch's mean, and its variance in {@code inverseDeviation}. */
    private void measure() {
        float[] sums = new float[width];
        for (int row = 0; row < input.value.length; row += width) {
            System.arraycopy(input.value, row, line, 0, width);
            Line.add(sums, line);
        }
        average(sums, mean);
        Arrays.fill(sums, 0f);
        for (int row = 0; row < input.value.length; row += width) {
            System.arraycopy(input.value, row, line, 0, width);
            addSquares(sums, line, mean);
        }
        average(sums, inverseDeviation);
        statistics.observe(mean, inverseDeviation);
    }

    private static void addSquares(float[] sums, float[] x, float[] mean) {
        for (int i = 0; i < sums.length; i++) {
            float d = x[i] - mean[i];
            sums[i] += d * d;
        }
    }

    @Override
    public void backward() {
        float[] meanGradient = new float[width];
        float[] meanProduct = new float[width];
        for (int row = 0; row < input.value.length; row += width) {
            System.arraycopy(input.value, row, line, 0, width);
            System.arraycopy(output.gradient, row, gradientLine, 0, width);
            Line.add(meanGradient, gradientLine);
            addProducts(meanProduct, line, gradientLine);
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

    private void addProducts(float[] sums, float[] x, float[] dy) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += dy[i] * ((x[i] - mean[i]) * inverseDeviation[i]);
        }
    }

    /** dx = factor (dy - mean(dy) - n mean(dy n)), with n the normalized x. */
    private void passBack(float[] meanGradient, float[] meanProduct) {
        for (int i = 0; i < width; i++) {
            meanProduct[i] *= inverseDeviation[i];
        }
        for (int row = 0; row < input.value.length; row += width) {
            System.arraycopy(input.value, row, line, 0, width);
            System.arraycopy(output.gradient, row, gradientLine, 0, width);
            System.arraycopy(input.gradient, row, inputGradientLine, 0, width);
            passBack(inputGradientLine, line, gradientLine, meanGradient, meanProduct);
            System.arraycopy(inputGradientLine, 0, input.gradient, row, width);
        }
    }

    private void passBack(float[] dx, float[] x, float[] dy, float[] meanGradient, float[] meanProduct) {
        for (int i = 0; i < dx.length; i++) {
            dx[i] += factor[i] * (dy[i] - meanGradient[i] - (x[i] - mean[i]) * meanProduct[i]);
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
