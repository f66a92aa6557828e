package dev.tern.quantizer.network;

import static dev.tern.quantizer.network.NativeMatrix.Form.PLAIN;
import static dev.tern.quantizer.network.NativeMatrix.Form.TRANSPOSED;

import dev.tern.quantizer.network.NativeMatrix.Into;

/**
 * A convolution without groups: [h, w, c] with weights [out, kh, kw, c] to [h', w', out].
 *
 * <p>Schedule: the patches of as many examples as fit the second-level cache are gathered, multiplied by the weights
 * and stored, then the next; the backward pass gathers again, which is cheaper than keeping the patches of a batch.
 */
final class Convolution implements TrainedLayer {
    private static final int PATCH_VALUES_IN_CACHE = 1 << 18;

    private final Signal input;
    private final Signal weights;
    private final Signal output;
    private final PatchWindow window;
    private final float padding;
    private final int chunk;
    private final float[] patches;
    private final NativeMatrix patchMatrix;
    private final NativeMatrix weightMatrix;
    private final NativeMatrix outputMatrix;
    private final NativeMatrix patchGradient;
    private final NativeMatrix weightGradient;

    /** @param padding the value of a tap outside the image */
    Convolution(Signal input, Signal weights, Signal output, PatchWindow window, float padding) {
        this.input = input;
        this.weights = weights;
        this.output = output;
        this.window = window;
        this.padding = padding;
        this.chunk = divisorUpTo(PATCH_VALUES_IN_CACHE / (window.pixels() * window.patch()), input.batch);
        int rows = chunk * window.pixels();
        int out = output.channels();
        this.patches = new float[rows * window.patch()];
        this.patchMatrix = new NativeMatrix(rows, window.patch());
        this.weightMatrix = new NativeMatrix(out, window.patch());
        this.outputMatrix = new NativeMatrix(rows, out);
        this.patchGradient = new NativeMatrix(rows, window.patch());
        this.weightGradient = new NativeMatrix(out, window.patch());
    }

    /** The largest divisor of {@code whole} that is at most {@code limit}, at least 1. */
    static int divisorUpTo(int limit, int whole) {
        int divisor = Math.clamp(limit, 1, whole);
        while (whole % divisor != 0) {
            divisor--;
        }
        return divisor;
    }

    @Override
    public void forward(Mode mode) {
        weightMatrix.load(weights.value, 0);
        for (int first = 0; first < input.batch; first += chunk) {
            gather(first);
            outputMatrix.product(patchMatrix, PLAIN, weightMatrix, TRANSPOSED, Into.REPLACE);
            outputMatrix.store(output.value, first * output.size);
        }
    }

    @Override
    public void backward() {
        for (int first = 0; first < input.batch; first += chunk) {
            outputMatrix.load(output.gradient, first * output.size);
            if (weights.isDifferentiable()) {
                gather(first);
                weightGradient.product(outputMatrix, TRANSPOSED, patchMatrix, PLAIN,
                        first == 0 ? Into.REPLACE : Into.ADD);
            }
            if (input.isDifferentiable()) {
                patchGradient.product(outputMatrix, PLAIN, weightMatrix, PLAIN, Into.REPLACE);
                scatter(first);
            }
        }
        if (weights.isDifferentiable()) {
            weightGradient.addTo(weights.gradient);
        }
    }

    private void gather(int first) {
        int valuesPerExample = window.pixels() * window.patch();
        for (int i = 0; i < chunk; i++) {
            window.gather(input.value, (first + i) * input.size, patches, i * valuesPerExample, padding);
        }
        patchMatrix.load(patches, 0);
    }

    private void scatter(int first) {
        int valuesPerExample = window.pixels() * window.patch();
        patchGradient.store(patches, 0);
        for (int i = 0; i < chunk; i++) {
            window.scatter(patches, i * valuesPerExample, input.gradient, (first + i) * input.size);
        }
    }
}
