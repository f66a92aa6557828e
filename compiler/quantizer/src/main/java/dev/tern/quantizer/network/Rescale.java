package dev.tern.quantizer.network;

import java.util.Arrays;
import java.util.Optional;

/**
 * Sums of codes to reals: {@code (activation scale * weight scale[channel]) * x}, in the order and with the roundings
 * of the compiled model. Scales have no gradients here: what learns them takes theirs from the reals they belong to.
 * Loops run over copies: see {@link Line}.
 */
final class Rescale implements TrainedLayer {
    private static final int BLOCK = 1024;

    private final Signal input;
    private final Optional<Signal> activationScale;
    private final Optional<Signal> weightScale;
    private final Signal output;
    private final int channels;
    private final int block;
    private final float[] factors;
    private final float[] line;
    private final float[] gradientLine;

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
        this.line = new float[block];
        this.gradientLine = new float[block];
    }

    @Override
    public void forward(Mode mode) {
        for (int from = 0; from < input.value.length; from += block) {
            findFactors(from);
            System.arraycopy(input.value, from, line, 0, block);
            Line.multiply(line, factors);
            System.arraycopy(line, 0, output.value, from, block);
        }
    }

    @Override
    public void backward() {
        for (int from = 0; from < input.gradient.length; from += block) {
            findFactors(from);
            System.arraycopy(output.gradient, from, gradientLine, 0, block);
            System.arraycopy(input.gradient, from, line, 0, block);
            Line.addProduct(line, factors, gradientLine);
            System.arraycopy(line, 0, input.gradient, from, block);
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
