package dev.tern.quantizer.network;

import java.util.Arrays;

/**
 * The greatest element of each window, channel by channel, padding left out; the gradient goes to the first greatest.
 * Computed by rows of the output, tap by tap: see {@link Line}.
 */
final class MaxPool implements TrainedLayer {
    private final Signal input;
    private final Signal output;
    private final PatchWindow window;
    private final float[] best;
    private final float[] values;
    private final float[] gradients;
    private final float[] rest;

    MaxPool(Signal input, Signal output, PatchWindow window) {
        this.input = input;
        this.output = output;
        this.window = window;
        int width = window.outputWidth() * window.channels();
        this.best = new float[width];
        this.values = new float[width];
        this.gradients = new float[width];
        this.rest = new float[width];
    }

    @Override
    public void forward(Mode mode) {
        for (int from = 0; from < output.value.length; from += best.length) {
            int image = from / output.size * input.size;
            int row = from % output.size / best.length;
            Arrays.fill(best, Float.NEGATIVE_INFINITY);
            for (int tap = 0; tap < window.geometry().taps(); tap++) {
                window.gatherTap(input.value, image, row, tap, values, Float.NEGATIVE_INFINITY);
                raise(best, values);
            }
            System.arraycopy(best, 0, output.value, from, best.length);
        }
    }

    private static void raise(float[] best, float[] values) {
        for (int i = 0; i < best.length; i++) {
            best[i] = Math.max(best[i], values[i]);
        }
    }

    @Override
    public void backward() {
        for (int from = 0; input.isDifferentiable() && from < output.value.length; from += best.length) {
            int image = from / output.size * input.size;
            int row = from % output.size / best.length;
            System.arraycopy(output.value, from, best, 0, best.length);
            System.arraycopy(output.gradient, from, rest, 0, best.length);
            for (int tap = 0; tap < window.geometry().taps(); tap++) {
                window.gatherTap(input.value, image, row, tap, values, Float.NEGATIVE_INFINITY);
                window.gatherTap(input.gradient, image, row, tap, gradients, 0);
                pass(gradients, values);
                window.scatterTap(gradients, input.gradient, image, row, tap);
            }
        }
    }

    /** Hands the rest of the gradient to the values that are the best, and leaves none of it to those that follow. */
    private void pass(float[] to, float[] x) {
        for (int i = 0; i < to.length; i++) {
            float share = rest[i] * Line.same(x[i], best[i]);
            to[i] += share;
            rest[i] -= share;
        }
    }
}
