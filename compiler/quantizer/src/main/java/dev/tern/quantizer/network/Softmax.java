package dev.tern.quantizer.network;

/** exp(x) over its sum, along the last axis. */
final class Softmax implements TrainedLayer {
    private final Signal input;
    private final Signal output;

    Softmax(Signal input, Signal output) {
        this.input = input;
        this.output = output;
    }

    @Override
    public void forward(Mode mode) {
        int row = input.channels();
        for (int from = 0; from < input.value.length; from += row) {
            float greatest = Float.NEGATIVE_INFINITY;
            for (int i = from; i < from + row; i++) {
                greatest = Math.max(greatest, input.value[i]);
            }
            double sum = 0;
            for (int i = from; i < from + row; i++) {
                output.value[i] = (float) StrictMath.exp(input.value[i] - greatest);
                sum += output.value[i];
            }
            for (int i = from; i < from + row; i++) {
                output.value[i] = (float) (output.value[i] / sum);
            }
        }
    }

    @Override
    public void backward() {
        int row = input.channels();
        for (int from = 0; from < input.gradient.length; from += row) {
            double mean = 0;
            for (int i = from; i < from + row; i++) {
                mean += (double) output.value[i] * output.gradient[i];
            }
            for (int i = from; i < from + row; i++) {
                input.gradient[i] += (float) (output.value[i] * (output.gradient[i] - mean));
            }
        }
    }
}
