package dev.tern.quantizer.network;

import java.util.Arrays;
import java.util.Optional;

/**
 * Sums of codes to reals: {@code (activation scale * weight scale[channel]) * x}, in the order and with the roundings
 * of the compiled model. Scales have no gradients here: what learns them takes theirs from the reals they belong to.
 */
final class Rescale implements TrainedLayer {
    private static final int BLOCK = 512;

    private final Signal input;
    private final Optional<Signal> activationScale;
    private final Optional<Signal> weightScale;
    private final Signal output;
    private final int channels;
    private final int block;
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
        this.channels = input.channels();
        // Rows of one scale together, because a row of few channels is too short to fill vector registers.
        boolean perRow = activationScale.filter(a -> a.size > 1).isPresent();
        int rows = input.size / channels;
        this.block = perRow ? channels : Convolution.divisorUpTo(BLOCK / channels, rows) * channels;
        this.factors = new float[block];
    }

    @Override
    public void forward(Mode mode) {
        for (int from = 0; from < input.value.length; from += block) {
            findFactors(from);
            for (int i = 0; i < block; i++) {
                output.value[from + i] = factors[i] * input.value[from + i];
            }
        }
    }

    @Override
    public void backward() {
        for (int from = 0; from < input.gradient.length; from += block) {
            findFactors(from);
            for (int i = 0; i < block; i++) {
                input.gradient[from + i] += factors[i] * output.gradient[from + i];
            }
        }
    }

    /** What the elements from here on are multiplied by; the same as for the block before within an example. */
    private void findFactors(int from) {
        int example = from / input.size;
        boolean known = block < input.size && from % input.size != 0 && activationScale.filter(a -> a.size > 1)
                .isEmpty();
        if (known) {
            return;
        }
        Arrays.fill(factors, 1f);
        if (weightScale.isPresent()) {
            Signal w = weightScale.get();
            for (int i = 0; i < block; i++) {
                factors[i] = w.value[w.size == 1 ? 0 : i % channels];
            }
        }
        if (activationScale.isPresent()) {
            Signal a = activationScale.get();
            float scale = a.value[a.start(example) + (a.size == 1 ? 0 : from % input.size / channels)];
            for (int i = 0; i < block; i++) {
                factors[i] = scale * factors[i];
            }
        }
    }
}
