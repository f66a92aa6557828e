package dev.tern.quantizer.network;

import java.util.Arrays;

/**
 * A convolution of each channel by itself: [h, w, c] with weights [c, kh, kw, 1] to [h', w', c]. Computed by rows of
 * the output, tap by tap, with the weights of a tap repeated for each pixel of a row: see {@link Line}.
 */
final class DepthwiseConvolution implements TrainedLayer {
    private final Signal input;
    private final Signal weights;
    private final Signal output;
    private final PatchWindow window;
    private final float padding;
    private final float[][] tapWeights;
    private final float[][] tapGradients;
    private final float[] values;
    private final float[] line;

    /** @param padding the value of a tap outside the image */
    DepthwiseConvolution(Signal input, Signal weights, Signal output, PatchWindow window, float padding) {
        this.input = input;
        this.weights = weights;
        this.output = output;
        this.window = window;
        this.padding = padding;
        int width = window.outputWidth() * window.channels();
        this.tapWeights = new float[window.geometry().taps()][width];
        this.tapGradients = new float[window.geometry().taps()][width];
        this.values = new float[width];
        this.line = new float[width];
    }

    @Override
    public void forward(Mode mode) {
        for (int tap = 0; tap < tapWeights.length; tap++) {
            for (int i = 0; i < line.length; i++) {
                tapWeights[tap][i] = weights.value[i % window.channels() * tapWeights.length + tap];
            }
        }
        for (int from = 0; from < output.value.length; from += line.length) {
            int image = from / output.size * input.size;
            int row = from % output.size / line.length;
            Arrays.fill(line, 0f);
            for (int tap = 0; tap < tapWeights.length; tap++) {
                window.gatherTap(input.value, image, row, tap, values, padding);
                Line.addProduct(line, values, tapWeights[tap]);
            }
            System.arraycopy(line, 0, output.value, from, line.length);
        }
    }

    @Override
    public void backward() {
        for (float[] sums : tapGradients) {
            Arrays.fill(sums, 0f);
        }
        for (int from = 0; output.isDifferentiable() && from < output.value.length; from += line.length) {
            int image = from / output.size * input.size;
            int row = from % output.size / line.length;
            System.arraycopy(output.gradient, from, line, 0, line.length);
            for (int tap = 0; tap < tapWeights.length; tap++) {
                window.gatherTap(input.value, image, row, tap, values, padding);
                Line.addProduct(tapGradients[tap], values, line);
                if (input.isDifferentiable()) {
                    window.gatherTap(input.gradient, image, row, tap, values, 0f);
                    Line.addProduct(values, line, tapWeights[tap]);
                    window.scatterTap(values, input.gradient, image, row, tap);
                }
            }
        }
        for (int tap = 0; weights.isDifferentiable() && tap < tapGradients.length; tap++) {
            for (int i = 0; i < line.length; i++) {
                weights.gradient[i % window.channels() * tapGradients.length + tap] += tapGradients[tap][i];
            }
        }
    }
}
