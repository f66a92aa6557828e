package dev.tern.quantizer.network;

import java.util.Arrays;
import java.util.Optional;

/**
 * Sums of codes to reals: {@code (activation scale * weight scale[channel]) * x}, in the order and with the roundings
 * of the compiled model. Scales have no gradients here: what learns them takes theirs from the reals they belong to.
 */
final class Rescale implements TrainedLayer {
    private final Signal input;
    private final Optional<Signal> activationScale;
    private final Optional<Signal> weightScale;
    private final Signal output;
    private final float[] factors;

    /**
     * @param activationScale one number, or one for each row of the last axis
     * @param weightScale one number, or one for each channel of the last axis
     */
    Rescale(Signal input, Optional<Signal> activationScale, Optional<Signal> weightScale, Signal output) {
        this.input = input;
        this.activationScale = activationScale;
        this.weightScale = weightScale;
        this.output = output;
        this.factors = new float[input.channels()];
    }

    @Override
    public void forward(Mode mode) {
        for (int row = 0; row < rows(); row++) {
            float[] factor = factors(row);
            int from = row * factor.length;
            for (int i = 0; i < factor.length; i++) {
                output.value[from + i] = factor[i] * input.value[from + i];
            }
        }
    }

    @Override
    public void backward() {
        for (int row = 0; input.isDifferentiable() && row < rows(); row++) {
            float[] factor = factors(row);
            int from = row * factor.length;
            for (int i = 0; i < factor.length; i++) {
                input.gradient[from + i] += factor[i] * output.gradient[from + i];
            }
        }
    }

    private int rows() {
        return input.value.length / factors.length;
    }

    private float[] factors(int row) {
        Arrays.fill(factors, 1f);
        if (weightScale.isPresent()) {
            Signal w = weightScale.get();
            for (int i = 0; i < factors.length; i++) {
                factors[i] = w.value[w.size == 1 ? 0 : i];
            }
        }
        if (activationScale.isPresent()) {
            Signal a = activationScale.get();
            int rows = input.size / factors.length;
            float scale = a.value[a.start(row / rows) + (a.size == 1 ? 0 : row % rows)];
            for (int i = 0; i < factors.length; i++) {
                factors[i] = scale * factors[i];
            }
        }
        return factors;
    }
}
