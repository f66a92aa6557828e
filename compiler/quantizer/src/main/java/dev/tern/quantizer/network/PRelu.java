package dev.tern.quantizer.network;

/** {@code x >= 0 ? x : slope[c] * x}, the slope learned (He et al. 2015). */
final class PRelu implements TrainedLayer {
    private final Signal input;
    private final Signal slope;
    private final Signal output;

    /** @param slope of as many elements as the last axis, or one */
    PRelu(Signal input, Signal slope, Signal output) {
        this.input = input;
        this.slope = slope;
        this.output = output;
    }

    @Override
    public void forward(Mode mode) {
        for (int i = 0; i < input.value.length; i++) {
            float x = input.value[i];
            output.value[i] = x >= 0 ? x : slope.value[i % slope.size] * x;
        }
    }

    @Override
    public void backward() {
        for (int i = 0; i < output.gradient.length; i++) {
            float x = input.value[i];
            float dy = output.gradient[i];
            if (input.isDifferentiable()) {
                input.gradient[i] += x >= 0 ? dy : slope.value[i % slope.size] * dy;
            }
            if (x < 0 && slope.isDifferentiable()) {
                slope.gradient[i % slope.size] += x * dy;
            }
        }
    }
}
