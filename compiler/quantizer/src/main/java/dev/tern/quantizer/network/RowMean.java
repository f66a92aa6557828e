package dev.tern.quantizer.network;

import dev.tern.compiler.graph.Operation.Statistic;

/** The mean of each row of the last axis, or of its squares: [..., n] to [..., 1]. */
final class RowMean implements TrainedLayer {
    private final Statistic statistic;
    private final Signal input;
    private final Signal output;

    RowMean(Statistic statistic, Signal input, Signal output) {
        this.statistic = statistic;
        this.input = input;
        this.output = output;
    }

    @Override
    public void forward(Mode mode) {
        int length = input.channels();
        for (int row = 0; row < output.value.length; row++) {
            double sum = 0;
            for (int i = row * length; i < (row + 1) * length; i++) {
                double x = input.value[i];
                sum += switch (statistic) {
                    case MEAN -> x;
                    case MEAN_SQUARE -> x * x;
                };
            }
            output.value[row] = (float) (sum / length);
        }
    }

    @Override
    public void backward() {
        int length = input.channels();
        for (int i = 0; i < input.gradient.length; i++) {
            float share = output.gradient[i / length] / length;
            input.gradient[i] += switch (statistic) {
                case MEAN -> share;
                case MEAN_SQUARE -> 2 * input.value[i] * share;
            };
        }
    }
}
